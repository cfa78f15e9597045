import { type Connection, type Model, Schema } from 'mongoose';
import type { AuditCounts, MoneyTotals } from '../domain/audit.js';
import type { FindingKind } from '../domain/findings.js';
import type { ImpactSide } from './types.js';

/** The result of one audit. */
export interface Audit {
  /** `<from>/<to>@<when>`: the window, and when the audit began. */
  _id: string;
  from: Date;
  to: Date;
  at: Date;
  counts: AuditCounts;
  findingsByKind: Record<FindingKind, number>;
  openDifferences: number;
  money: MoneyTotals[];
}

export type AuditModel = Model<Audit>;

const auditSchema = new Schema<Audit>(
  {
    _id: String,
    from: { type: Date, required: true },
    to: { type: Date, required: true },
    at: { type: Date, required: true },
    counts: { type: Schema.Types.Mixed, required: true },
    findingsByKind: { type: Schema.Types.Mixed, required: true },
    openDifferences: { type: Number, required: true },
    money: [Schema.Types.Mixed],
  },
  { strict: 'throw', versionKey: false },
);

// The metric and the API show the newest audit.
auditSchema.index({ at: -1 });

export function createAuditModel(connection: Connection): AuditModel {
  return connection.model<Audit>('Audit', auditSchema, 'audits');
}

/**
 * What Impact lists for one order during an audit. The ledger is read beside it in batches: Impact lists its Actions
 * in no order in which the ledger could be read, and the memory that a whole listing takes has no bound.
 */
export interface AuditEntry {
  /** The audit, the event type and the order: a repeated attempt writes to the same entry. */
  _id: string;
  actionTrackerId: number;
  orderId: string;
  actions: ImpactSide[];
  /** The ledger has this order in the window. That stays true, so a repeated attempt may find it set. */
  inLedger?: true;
  at: Date;
}

export type AuditEntryModel = Model<AuditEntry>;

const TWO_DAYS_SECONDS = 2 * 86_400;

// stage-actions.ts writes the entries past this schema.
const entrySchema = new Schema<AuditEntry>(
  {
    _id: String,
    actionTrackerId: Number,
    orderId: String,
    actions: [Schema.Types.Mixed],
    inLedger: Boolean,
    at: Date,
  },
  { strict: 'throw', versionKey: false },
);

// Entries of an audit that did not end are removed two days later.
entrySchema.index({ at: 1 }, { expireAfterSeconds: TWO_DAYS_SECONDS });

export function createAuditEntryModel(connection: Connection): AuditEntryModel {
  return connection.model<AuditEntry>('AuditEntry', entrySchema, 'audit_entries');
}

export function entryId(auditId: string, actionTrackerId: number, orderId: string): string {
  return `${auditId}/${actionTrackerId}/${orderId}`;
}

/** The entries of an audit, by the index that every collection has: `0` is the character after `/`. */
export function entriesOf(auditId: string) {
  return { _id: { $gte: `${auditId}/`, $lt: `${auditId}0` } };
}

/** Entries are worth nothing once the audit is over, so writing them waits for no journal. */
export const STAGED = { writeConcern: { w: 1 } } as const;
