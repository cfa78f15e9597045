import { DomainError } from './errors.js';
import { decimalAmount, maxMinorUnits } from './money.js';
import type { CampaignEvent } from './programme/event.js';
import { type Item, sumOf } from './programme/items.js';

/**
 * Checks an amount against the maximum of its campaign event, if both have one.
 * @throws DomainError `amount_too_high`
 */
export function checkMaxAmount(
  { id, maxAmountCents }: Pick<CampaignEvent, 'id' | 'maxAmountCents'>,
  { totalAmountCents, currency }: { totalAmountCents?: unknown; currency?: unknown },
): void {
  if (!maxAmountCents || typeof totalAmountCents !== 'number' || typeof currency !== 'string') return;
  const max = Object.hasOwn(maxAmountCents, currency) ? maxAmountCents[currency] : undefined;
  if (max !== undefined && totalAmountCents <= max) return;
  const limit =
    max === undefined
      ? `takes amounts in ${Object.keys(maxAmountCents).join(', ')} only`
      : `takes at most ${decimalAmount(max, currency)} ${currency}`;
  throw new DomainError(
    'amount_too_high',
    `The campaign event "${id}" ${limit} per conversion. Check the amount; an operator of this service can raise the maximum.`,
    { fields: [{ field: 'totalAmountCents', message: limit }] },
  );
}

interface Amounts {
  totalAmountCents?: unknown;
  discountCents?: unknown;
  currency?: unknown;
  items?: readonly Item[] | undefined;
}

/**
 * Checks an amount, before its discount, against the largest one that Impact takes in the currency, if it is known.
 * @throws DomainError `amount_too_high`
 */
export function checkLargestAmount({ totalAmountCents, discountCents = 0, currency, items }: Amounts): void {
  if (typeof currency !== 'string') return;
  const max = maxMinorUnits(currency);
  const amounts = [
    { field: 'items', cents: items ? sumOf(items) : 0 },
    { field: 'totalAmountCents', cents: Number(totalAmountCents) + (items ? 0 : Number(discountCents)) },
  ];
  const field = amounts.find(({ cents }) => cents > max)?.field;
  if (field === undefined) return;
  const message = `must be at most ${decimalAmount(max, currency)} ${currency}, before the discount`;
  throw new DomainError(
    'amount_too_high',
    `Impact takes eight digits before the point: ${field} ${message}.`,
    { fields: [{ field, message }] },
  );
}
