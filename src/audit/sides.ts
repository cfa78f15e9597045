import type { Adjustment } from '../domain/adjustment.js';
import type { Finding, FindingKind } from '../domain/audit.js';
import type { ConversionStatus } from '../domain/conversion.js';

/** One order as the ledger has it, and as Impact has it. An order is an event type (tracker) and an order id. */
export interface OrderOnBothSides {
  actionTrackerId: number;
  orderId: string;
  ledger: LedgerSide | null;
  actions: ImpactSide[];
}

export interface LedgerSide {
  conversionId: string;
  status: ConversionStatus;
  reason?: string;
  /** Decimal, in major units; none where the event has no amount. */
  amount?: string;
  currency?: string;
  sentAt?: Date;
  /** Of a refund that nobody has given up. */
  reversal?: AdjustmentSide;
  /** The newest other amount that is not known to have taken effect. */
  amountAdjustment?: AdjustmentSide & { amount: string };
  /** When the ledger was last written to. */
  updatedAt?: Date;
  /** It happened in the window that is audited; what did not belongs to another audit. */
  inWindow: boolean;
}

/** How far an adjustment has got that is to reach Impact. */
export type AdjustmentSide = Pick<Adjustment, 'status' | 'sentAt'>;

export interface ImpactSide {
  actionId: string;
  state: string;
  amount?: number;
  currency?: string;
  eventDate?: Date;
}

/** The window is that of the audit: `to` does not belong to it. */
export interface CompareContext {
  from: Date;
  to: Date;
  /** When the audit began, before anything was listed. */
  begunAt: Date;
  now: Date;
}

export interface Comparison {
  counted?: 'confirmed' | 'inProgress' | 'reversed' | 'notReported';
  locked?: true;
  amountNotCompared?: true;
  findings: Finding[];
}

export function isLive({ state }: ImpactSide): boolean {
  return state !== 'REVERSED';
}

export function finding(
  { actionTrackerId, orderId, ledger, actions }: OrderOnBothSides,
  kind: FindingKind,
  detail: string,
  concerned: ImpactSide[] = actions,
): Finding {
  return {
    kind,
    orderId,
    actionTrackerId,
    ...(ledger ? { conversionId: ledger.conversionId, status: ledger.status } : {}),
    actionIds: concerned.map(({ actionId }) => actionId),
    detail,
  };
}
