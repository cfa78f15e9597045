import type { CampaignEvent } from './campaign-events/define.js';
import type { Conversion } from './conversion.js';

/**
 * What may still happen to a conversion: it is taken back (a refund), or its amount is another one. Decided by the
 * ledger: what has not been sent is changed there and then, and nothing of it ever reaches Impact; what may have been
 * sent is changed at Impact, by a workflow.
 *
 *   pending → reporting → submitted → confirmed
 *                       ↘ parked ⇄    ↘ abandoned
 */
export interface Adjustment {
  /** Unique within the conversion. */
  id: string;
  kind: AdjustmentKind;
  /** Impact's code. */
  reason: string;
  /** Of a new amount: the whole new amount, in the currency's minor unit. */
  totalAmountCents?: number;
  /** The words are those of a conversion; `pending`: Temporal does not have it yet. */
  status: AdjustmentStatus;
  parkReason?: string;
  detail?: string;
  queuedUri?: string;
  /** When Impact acknowledged it last. */
  sentAt?: Date;
  requestedAt: Date;
  /** The subject of the token. */
  requestedBy: string;
}

export type AdjustmentKind = 'reversal' | 'amount';

export const ADJUSTMENT_STATUSES = [
  'pending',
  'reporting',
  'submitted',
  'confirmed',
  'parked',
  'abandoned',
] as const;

export type AdjustmentStatus = (typeof ADJUSTMENT_STATUSES)[number];

/** `DispositionCode` of a reversal: ActionReversalRequest in Impact's v14 Actions specification. */
export const REVERSAL_REASONS = [
  'REJECTED',
  'CONS_INFO_INVALID',
  'CONS_ERROR',
  'CONS_FRAUD',
  'ITEM_RETURNED',
  'ITEM_OUT_OF_STOCK',
  'ORDER_ERROR',
  'PUB_ACT_DISPUTE',
  'NOT_COMPLIANCE_TERMS',
  'MP_RETURNED',
  'OTHER',
  'CREDITED_DIFFERENT_MP',
  'ADV_ACT_DISPUTE',
  'TEST_ACTION',
] as const;

/** `Reason` of a modification: ActionModificationRequest in Impact's v14 Actions specification. */
export const AMOUNT_REASONS = [
  'ORDER_UPDATE',
  'ITEM_RETURNED',
  'CONS_FRAUD',
  'CONS_ERROR',
  'ORDER_ERROR',
  'PUB_ACT_DISPUTE',
  'ADV_ACT_DISPUTE',
  'NOT_COMPLIANCE_TERMS',
  'ITEM_OUT_OF_STOCK',
  'TEST_ACTION',
  'PARTNER_NOT_ACTIVE',
  'CREDITED_DIFFERENT_MP',
  'OTHER',
] as const;

/** What still has to be done about it, or waits for somebody. */
export const OPEN_ADJUSTMENT_STATUSES: readonly AdjustmentStatus[] = [
  'pending',
  'reporting',
  'submitted',
  'parked',
];

export function isOpen({ status }: Pick<Adjustment, 'status'>): boolean {
  return OPEN_ADJUSTMENT_STATUSES.includes(status);
}

/** What is carried out first: a reversal, after which no amount matters, or else the newest amount, which is the whole one. */
export function firstOf(open: readonly Adjustment[]): Adjustment | undefined {
  return open.find(({ kind }) => kind === 'reversal') ?? open.at(-1);
}

/** The reversal of a conversion, unless somebody has given it up. */
export function reversalOf({ adjustments = [] }: Pick<Conversion, 'adjustments'>): Adjustment | undefined {
  return adjustments.find(({ kind, status }) => kind === 'reversal' && status !== 'abandoned');
}

/** An event has an amount where a backend sends `totalAmountCents` with it. */
export function hasAmount(event: CampaignEvent): boolean {
  return 'totalAmountCents' in event.payload.shape;
}

/** The payload with the amount that Impact is to have: the newest that took effect, or every one that was asked for. */
export function payloadWith(
  { payload, adjustments = [] }: Pick<Conversion, 'payload' | 'adjustments'>,
  which: 'effective' | 'wanted',
): Record<string, unknown> {
  const newest = adjustments.findLast(
    ({ kind, status }) =>
      kind === 'amount' && (which === 'effective' ? status === 'confirmed' : status !== 'abandoned'),
  );
  return newest ? { ...payload, totalAmountCents: newest.totalAmountCents } : payload;
}
