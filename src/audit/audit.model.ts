import { type Connection, type Model, Schema } from 'mongoose';
import type { AuditCounts, Finding, FindingKind } from '../domain/audit.js';

/** The result of one audit. */
export interface Audit {
  /** `<from>/<to>@<when>`: the window, and when the audit began. */
  _id: string;
  from: Date;
  to: Date;
  at: Date;
  counts: AuditCounts;
  findingsByKind: Record<FindingKind, number>;
  /** All kinds together; `findings` holds the first `MAX_FINDINGS` of them. */
  findingsTotal: number;
  findings: Finding[];
}

export type AuditModel = Model<Audit>;

/** A document holds 16 MB. To see more findings than these, an operator audits fewer days. */
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

// The metric shows the newest audit.
auditSchema.index({ at: -1 });

export function createAuditModel(connection: Connection): AuditModel {
  return connection.model<Audit>('Audit', auditSchema, 'audits');
}
