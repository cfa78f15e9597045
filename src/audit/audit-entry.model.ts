import { type Connection, type Model, Schema } from 'mongoose';
import type { ImpactSide } from './types.js';

/**
 * What Impact lists for one order during an audit. The ledger is read beside it in batches: Impact lists its Actions
 * in no order in which the ledger could be read, and the memory that a whole listing takes has no bound.
 */
export interface AuditEntry {
  /** The audit, the event type and the order: a repeated attempt writes to the same entry. */
  _id: string;
  auditId: string;
  actionTrackerId: number;
  orderId: string;
  actions: ImpactSide[];
  /** The ledger has this order in the window. That stays true, so a repeated attempt may find it set. */
  inLedger?: true;
  /** Entries of an audit that did not end are removed two days later. */
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
    actions: [Schema.Types.Mixed],
    inLedger: Boolean,
    at: { type: Date, required: true },
  },
  { strict: 'throw', versionKey: false },
);

entrySchema.index({ auditId: 1 });
entrySchema.index({ at: 1 }, { expireAfterSeconds: TWO_DAYS_SECONDS });

export function createAuditEntryModel(connection: Connection): AuditEntryModel {
  return connection.model<AuditEntry>('AuditEntry', entrySchema, 'audit_entries');
}

export function entryId(auditId: string, actionTrackerId: number, orderId: string): string {
  return `${auditId}/${actionTrackerId}/${orderId}`;
}
