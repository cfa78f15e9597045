import { type Connection, type Model, Schema, type Types } from 'mongoose';
import type { Attribution } from '../domain/attribution.js';

export interface User {
  _id: Types.ObjectId;
  clerkId: string;
  /** The current click at each network. */
  attribution?: { impact?: { clickId?: string; capturedAt?: Date } };
  /** The newest clicks, oldest first; `attribution.impact` is the last of them. */
  attributionHistory?: Attribution[];
  /** When the first click came. Only if the history is full and no longer has it. */
  firstClickAt?: Date;
  createdAt: Date;
  updatedAt: Date;
}

const click = {
  provider: { type: String, required: true },
  clickId: { type: String, required: true },
  capturedAt: { type: Date, required: true },
};

const userSchema = new Schema<User>(
  {
    clerkId: { type: String, required: true, unique: true },
    attribution: { impact: { clickId: String, capturedAt: Date } },
    attributionHistory: { type: [new Schema(click, { _id: false })], default: undefined },
    firstClickAt: Date,
    createdAt: { type: Date, required: true },
    updatedAt: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
);

export function createUserModel(connection: Connection): Model<User> {
  return connection.model<User>('User', userSchema, 'users');
}
