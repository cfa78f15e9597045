import { type Connection, type Model, Schema } from 'mongoose';
import type { AuditCounts, Finding, FindingKind } from '../domain/audit.js';

/** The result of one audit. */
export interface Audit {
  /** `<from>/<to>@<when>`: the window, and when it was audited. */
  _id: string;
  from: Date;
  to: Date;
  at: Date;
  counts: AuditCounts;
  findingsByKind: Record<FindingKind, number>;
  /** Of all kinds together; `findings` holds the first of them. */
  findingsTotal: number;
  findings: Finding[];
}

export type AuditModel = Model<Audit>;

/** A document may have 16 MB, and nobody reads more: a window of fewer days has them all. */
export const MAX_FINDINGS = 5_000;

const findingSchema = new Schema<Finding>(
  {
    kind: String,
    orderId: String,
    actionTrackerId: Number,
    conversionId: String,
    status: String,
    actionIds: [String],
    detail: String,
  },
  { _id: false },
);

const auditSchema = new Schema<Audit>(
  {
    _id: { type: String, required: true },
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    at: { type: Date, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
    findingsByKind: { type: Schema.Types.Mixed, required: true },
    findingsTotal: { type: Number, required: true },
    findings: [findingSchema],
  },
  { strict: 'throw', versionKey: false },
);

// The newest is what the metric shows.
auditSchema.index({ at: -1 });

export function createAuditModel(connection: Connection): AuditModel {
  return connection.model<Audit>('Audit', auditSchema, 'audits');
}
