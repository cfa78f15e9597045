import { type Connection, type Model, Schema } from 'mongoose';
import type { KeptFinding } from '../domain/findings.js';

export type FindingModel = Model<KeptFinding>;

// keep-findings.ts writes them past this schema.
const findingSchema = new Schema<KeptFinding>(
  {
    _id: String,
    kind: { type: String, required: true },
    orderId: { type: String, required: true },
    actionTrackerId: { type: Number, required: true },
    conversionId: String,
    status: String,
    actionIds: [String],
    detail: { type: String, required: true },
    happenedAt: { type: Date, required: true },
    amounts: { type: Schema.Types.Mixed, required: true },
    state: { type: String, required: true },
    firstSeenAt: { type: Date, required: true },
    lastSeenAt: { type: Date, required: true },
    lastAuditId: { type: String, required: true },
    closedAt: Date,
    acknowledgements: [new Schema({ at: Date, by: String, reason: String }, { _id: false })],
  },
  { strict: 'throw', minimize: false, versionKey: false },
);

// Metrics: how many of a state and a kind, by the keys alone. Lists: newest first, from where the previous page ended;
// without a state or a kind, MongoDB merges the keys of each.
findingSchema.index({ state: 1, kind: 1, firstSeenAt: -1, _id: -1 });
// Audit: those of its window that it did not meet. Lists: those of an audit's window.
findingSchema.index({ state: 1, happenedAt: -1, _id: -1 });
// Lists: those of a conversion, newest first.
findingSchema.index(
  { conversionId: 1, firstSeenAt: -1, _id: -1 },
  { partialFilterExpression: { conversionId: { $exists: true } } },
);

export function createFindingModel(connection: Connection): FindingModel {
  return connection.model<KeptFinding>('Finding', findingSchema, 'findings');
}
