import { type Conversion, campaignEventIdOf } from '../domain/conversion.js';
import { decimalAmount } from '../domain/money.js';
import type { Programme } from '../domain/programme/programme.js';
import type { Metrics } from '../metrics.js';
import type { Ledger } from './transition.js';

/** What alerts watch: how often and by how much conversions are published and adjusted. Counted once the ledger has it. */

const ADJUSTMENT_KINDS = ['reversal', 'raise', 'reduction'] as const;

type AdjustmentKind = (typeof ADJUSTMENT_KINDS)[number];

type Counted = Pick<Conversion, '_id' | 'payload'>;

/** Shows each counter as 0 from the start, because Prometheus sees no increase in the first value of a series. */
export function showNoAdjustments({ adjustments }: Pick<Metrics, 'adjustments'>, { ids }: Programme): void {
  for (const event of ids) for (const kind of ADJUSTMENT_KINDS) adjustments.inc({ event, kind }, 0);
}

export function countPublishedAmount(ledger: Ledger, conversion: Counted): void {
  countAmount(ledger, conversion, 'published', amountOf(conversion.payload));
}

/** @param before the payload with the amount before the adjustment */
export function countAdjustment(
  ledger: Ledger,
  { _id }: Pick<Conversion, '_id'>,
  before: Record<string, unknown>,
  newAmountCents: number | undefined,
): void {
  // Of a sale that has not come yet, the amount is not known, and its amount most likely becomes lower.
  const amount = before.totalAmountCents === undefined ? (newAmountCents ?? 0) : amountOf(before);
  const difference = (newAmountCents ?? 0) - amount;
  const kind: AdjustmentKind =
    newAmountCents === undefined ? 'reversal' : difference > 0 ? 'raise' : 'reduction';
  ledger.metrics?.adjustments.inc({ event: campaignEventIdOf(_id), kind });
  const change = ({ reversal: 'reversed', raise: 'raised', reduction: 'reduced' } as const)[kind];
  countAmount(ledger, { _id, payload: before }, change, Math.abs(difference));
}

function countAmount(
  { metrics }: Ledger,
  { _id, payload: { currency } }: Counted,
  change: 'published' | 'raised' | 'reduced' | 'reversed',
  amountCents: number,
): void {
  if (typeof currency !== 'string') return;
  const labels = { event: campaignEventIdOf(_id), currency, change };
  metrics?.amounts.inc(labels, Number(decimalAmount(amountCents, currency)));
}

function amountOf({ totalAmountCents }: Record<string, unknown>): number {
  return typeof totalAmountCents === 'number' ? totalAmountCents : 0;
}
