import type { AdjustmentStatus } from '../domain/adjustment.js';
import type { ConversionStatus } from '../domain/conversion.js';
import type { Finding } from '../domain/findings.js';
import type { Programme } from '../domain/programme/programme.js';
import type { ListedAction } from '../impact/list-actions.js';
import type { Database } from '../mongo.js';

export interface AuditDeps {
  db: Database;
  programme: Programme;
  /** Called after each batch, so that Temporal learns that the audit goes on. */
  onBatch: () => void;
}

/** One order as the ledger has it, and as Impact has it. An event type (tracker) and an order id name an order. */
export interface Order {
  actionTrackerId: number;
  orderId: string;
  ledger: LedgerSide | null;
  actions: ImpactSide[];
}

export interface LedgerSide {
  conversionId: string;
  userId: string;
  occurredAt: Date;
  status: ConversionStatus;
  reason?: string | undefined;
  /** Decimal, in major units; absent where the event has no amount. */
  amount?: string | undefined;
  currency?: string | undefined;
  sentAt?: Date | undefined;
  /** A refund, unless it was abandoned. */
  reversal?: AdjustmentSide | undefined;
  /** The newest other amount that is not known to have taken effect. */
  amountAdjustment?: (AdjustmentSide & { amount: string }) | undefined;
  /** When the ledger was last written to. */
  updatedAt?: Date;
}

/** How far an adjustment has got on its way to Impact. */
export interface AdjustmentSide {
  status: AdjustmentStatus;
  sentAt?: Date | undefined;
}

export type ImpactSide = Omit<ListedAction, 'actionTrackerId' | 'orderId'>;

/** The audit's window, of which `to` is no part, and its times. */
export interface CompareContext {
  from: Date;
  to: Date;
  /** When the audit began, before Impact was asked for its Actions. */
  begunAt: Date;
  now: Date;
}

export interface Comparison {
  counted?: 'confirmed' | 'inProgress' | 'reversed' | 'notReported';
  locked?: true;
  amountNotCompared?: true;
  findings: Finding[];
}
