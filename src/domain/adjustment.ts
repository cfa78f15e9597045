import { withChanges } from './changed-items.js';
import type { Conversion } from './conversion.js';
import type { CampaignEvent } from './programme/event.js';
import type { ChangedItem, Item } from './programme/items.js';

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
  /** Of a new amount: since when it holds. The amounts that are not abandoned are in this order. */
  effectiveAt?: Date;
  /** Of a new amount: what is left of these items. The others stay as they are. */
  items?: readonly ChangedItem[];
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

/** Those that took effect, or that were requested, oldest first. */
export function amountsOf(
  { adjustments = [] }: Pick<Conversion, 'adjustments'>,
  which: 'effective' | 'wanted',
): Adjustment[] {
  return adjustments.filter(
    ({ kind, status }) =>
      kind === 'amount' && (which === 'effective' ? status === 'confirmed' : status !== 'abandoned'),
  );
}

/** The newest one. */
export function wantedAmount(conversion: Pick<Conversion, 'adjustments'>): Adjustment | undefined {
  return amountsOf(conversion, 'wanted').at(-1);
}

/** Since when the newest one holds. */
export function newestTime(conversion: Pick<Conversion, 'adjustments'>): number {
  return wantedAmount(conversion)?.effectiveAt?.getTime() ?? Number.NEGATIVE_INFINITY;
}

/** The payload with the newest amount, and with what is left of the items. */
export function payloadWith(
  conversion: Pick<Conversion, 'payload' | 'adjustments'>,
  which: 'effective' | 'wanted',
): Record<string, unknown> {
  const { payload } = conversion;
  const amounts = amountsOf(conversion, which);
  const newest = amounts.at(-1);
  if (!newest) return payload;
  const items = itemsOf(payload);
  const changes = amounts.flatMap((amount) => amount.items ?? []);
  return {
    ...payload,
    totalAmountCents: newest.totalAmountCents,
    ...(items ? { items: withChanges(items, changes) } : {}),
  };
}

/** Of a sale that has any. */
export function itemsOf({ items }: Record<string, unknown>): readonly Item[] | undefined {
  return items as readonly Item[] | undefined;
}

export function parkedAdjustment({ adjustments }: Pick<Conversion, 'adjustments'>): Adjustment | undefined {
  return adjustments?.find(({ status }) => status === 'parked');
}
