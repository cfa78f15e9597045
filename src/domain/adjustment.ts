import type { Conversion } from './conversion.js';
import type { CampaignEvent } from './programme/event.js';

/**
 * A refund (reversal) or a new amount of a conversion. A conversion that was not sent is adjusted in the ledger alone,
 * and nothing of it ever reaches Impact. A conversion that may have been sent is adjusted at Impact, by its workflow.
 *
 *   pending → reporting → submitted → confirmed
 *                       ↘ parked ⇄    ↘ abandoned
 */
export interface Adjustment {
  /** Unique within the conversion. */
  id: string;
  kind: 'reversal' | 'amount';
  /** Impact's code. */
  reason: string;
  /** Of a new amount: the whole new amount, in the currency's minor unit. */
  totalAmountCents?: number;
  /** As of a conversion. `pending`: its workflow has not been signalled yet. */
  status: AdjustmentStatus;
  parkReason?: string;
  detail?: string;
  queuedUri?: string;
  /** When Impact last acknowledged it. */
  sentAt?: Date;
  /** Until then the workflow asks Impact what became of it. */
  followUntil?: Date;
  requestedAt: Date;
  /** The subject of the token. */
  requestedBy: string;
}

export const ADJUSTMENT_STATUSES = [
  'pending',
  'reporting',
  'submitted',
  'confirmed',
  'parked',
  'abandoned',
] as const;

export type AdjustmentStatus = (typeof ADJUSTMENT_STATUSES)[number];

/** In both lists of Impact's v14 Actions specification. */
const REASONS = [
  'ITEM_RETURNED',
  'ITEM_OUT_OF_STOCK',
  'ORDER_ERROR',
  'CONS_FRAUD',
  'CONS_ERROR',
  'PUB_ACT_DISPUTE',
  'ADV_ACT_DISPUTE',
  'NOT_COMPLIANCE_TERMS',
  'CREDITED_DIFFERENT_MP',
  'TEST_ACTION',
  'OTHER',
] as const;

/** `DispositionCode` of a reversal: ActionReversalRequest. */
export const REVERSAL_REASONS = [...REASONS, 'REJECTED', 'CONS_INFO_INVALID', 'MP_RETURNED'] as const;

/** `Reason` of a modification: ActionModificationRequest. */
export const AMOUNT_REASONS = [...REASONS, 'ORDER_UPDATE', 'PARTNER_NOT_ACTIVE'] as const;

/** Impact has not acknowledged it yet. */
export const UNSENT_ADJUSTMENT_STATUSES: readonly AdjustmentStatus[] = ['pending', 'reporting', 'parked'];

/** The workflow still has to do something about it, or waits for an operator. */
export const OPEN_ADJUSTMENT_STATUSES: readonly AdjustmentStatus[] = [
  ...UNSENT_ADJUSTMENT_STATUSES,
  'submitted',
];

export function isOpen({ status }: Pick<Adjustment, 'status'>): boolean {
  return OPEN_ADJUSTMENT_STATUSES.includes(status);
}

/** The workflow carries out a reversal first, after which no amount matters, or else the newest amount, which is the whole one. */
export function firstOf(open: readonly Adjustment[]): Adjustment | undefined {
  return open.find(({ kind }) => kind === 'reversal') ?? open.at(-1);
}

/** The reversal of a conversion, unless an operator has abandoned it. */
export function reversalOf({ adjustments = [] }: Pick<Conversion, 'adjustments'>): Adjustment | undefined {
  return adjustments.find(({ kind, status }) => kind === 'reversal' && status !== 'abandoned');
}

/** Whether conversions of the event have an amount. */
export function hasAmount(event: CampaignEvent): boolean {
  return 'totalAmountCents' in event.payload.shape;
}

/** The payload with the newest amount: the newest that took effect, or that was requested. */
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

export function parkedAdjustment({ adjustments }: Pick<Conversion, 'adjustments'>): Adjustment | undefined {
  return adjustments?.find(({ status }) => status === 'parked');
}
