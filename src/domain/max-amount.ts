import { DomainError } from './errors.js';
import { decimalAmount } from './money.js';
import type { CampaignEvent, Payload } from './programme/event.js';
import { largestAmountFaults, type SaleAmounts } from './programme/items.js';

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

/**
 * Checks an amount against the largest one that Impact takes in the currency, if the currency is known.
 * @throws DomainError `amount_too_high`
 */
export function checkLargestAmount(payload: Payload): void {
  if (typeof payload.currency !== 'string') return;
  const [fault] = largestAmountFaults(payload as unknown as SaleAmounts);
  if (fault)
    throw new DomainError('amount_too_high', `${fault.field} ${fault.message}.`, { fields: [fault] });
}
