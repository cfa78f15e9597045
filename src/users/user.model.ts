import { type Connection, type Model, Schema, type Types } from 'mongoose';
import type { Click } from '../domain/attribution.js';

export interface User {
  _id: Types.ObjectId;
  clerkId: string;
  /** The click that the programme credits, at each network: the last one, or the first one. */
  attribution?: { impact?: { clickId?: string; capturedAt?: Date } };
  /** The first click and the newest ones, oldest first. */
  attributionHistory?: Click[];
  /** There were more clicks between the first and the second of the history. */
  hasForgottenClicks?: true;
  createdAt: Date;
  updatedAt: Date;
}

const click = {
  provider: { type: String, required: true },
  clickId: { type: String, required: true },
  capturedAt: { type: Date, required: true },
  clickedAt: Date,
};

const userSchema = new Schema<User>(
  {
    clerkId: { type: String, required: true, unique: true },
    attribution: { impact: { clickId: String, capturedAt: Date } },
    attributionHistory: { type: [new Schema(click, { _id: false })], default: undefined },
    hasForgottenClicks: Boolean,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
);

// Search: the users who came with a click, whether it is credited or not.
userSchema.index({ 'attributionHistory.clickId': 1 }, { sparse: true });
// The same of users who came before histories were kept. No other user costs an entry.
userSchema.index(
  { 'attribution.impact.clickId': 1 },
  { partialFilterExpression: { 'attribution.impact.clickId': { $exists: true }, attributionHistory: null } },
);

export function createUserModel(connection: Connection): Model<User> {
  return connection.model<User>('User', userSchema, 'users');
}
