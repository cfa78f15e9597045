import { type Connection, type Model, Schema } from 'mongoose';
import type { ImpactSide, LedgerSide } from './sides.js';

/**
 * Both sides of an audit under way, in one collection whose index puts what belongs to one order side by side.
 * Streaming both from where they are would be less, but Impact lists its Actions in no order that the ledger could
 * be read in, and holding either in memory has no bound.
 */
export interface AuditEntry {
  /** The audit and the Action or conversion: an attempt that is repeated writes the same again. */
  _id: string;
  auditId: string;
  actionTrackerId: number;
  orderId: string;
  ledger?: Omit<LedgerSide, 'inWindow'>;
  action?: ImpactSide;
  /** What an audit leaves behind when it does not end is removed after two days. */
  at: Date;
}

export type AuditEntryModel = Model<AuditEntry>;

const TWO_DAYS_SECONDS = 2 * 86_400;

const entrySchema = new Schema<AuditEntry>(
  {
    _id: { type: String, required: true },
    auditId: { type: String, required: true },
    actionTrackerId: { type: Number, required: true },
    orderId: { type: String, required: true },
    ledger: Schema.Types.Mixed,
    action: Schema.Types.Mixed,
    at: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
);

entrySchema.index({ auditId: 1, actionTrackerId: 1, orderId: 1 });
entrySchema.index({ at: 1 }, { expireAfterSeconds: TWO_DAYS_SECONDS });

export function createAuditEntryModel(connection: Connection): AuditEntryModel {
  return connection.model<AuditEntry>('AuditEntry', entrySchema, 'audit_entries');
}
