import { type Adjustment, hasAmount, itemsOf, payloadWith } from './adjustment.js';
import { withChanges } from './changed-items.js';
import type { Conversion } from './conversion.js';
import { DomainError, type FieldError } from './errors.js';
import { checkLargestAmount, checkMaxAmount } from './max-amount.js';
import type { CampaignEvent } from './programme/event.js';
import { type ChangedItem, repeatedSkus, sumOf } from './programme/items.js';

export interface NewAmount {
  totalAmountCents: number;
  items?: readonly ChangedItem[] | undefined;
}

/**
 * Checks a new amount against the sale. Of a sale that has not come yet, neither the currency nor the items are known.
 * @param isLate a newer amount came before it, so that it does not change what is left of the order
 * @throws DomainError `no_amount`, `invalid_request` about the items, `amount_too_high`
 */
export function checkAmount(
  event: CampaignEvent,
  conversion: Conversion,
  { totalAmountCents, items = [] }: NewAmount,
  isLate: boolean,
): void {
  if (!hasAmount(event)) {
    throw new DomainError(
      'no_amount',
      `A conversion of the event "${event.id}" has no amount. It can only be reversed.`,
    );
  }
  refuse(repeatedSkus(items));
  if (conversion.payload.totalAmountCents === undefined) return;
  const wanted = payloadWith(conversion, 'wanted');
  const sold = itemsOf(wanted);
  if (items.length > 0) refuse(sold ? unknownSkus(items, sold) : [NO_ITEMS]);
  if (isLate) return;
  const left = sold && withChanges(sold, items);
  if (items.length > 0 && left) refuse(tooHigh(totalAmountCents, sumOf(left)));
  const changed = { ...wanted, totalAmountCents, items: left };
  checkLargestAmount(changed);
  // A lower amount is right even if it is above a maximum that was lowered since.
  if (totalAmountCents > Number(wanted.totalAmountCents)) checkMaxAmount(event, changed);
}

const NO_ITEMS = { field: 'items', message: 'the sale was published without items' };

function unknownSkus(items: readonly ChangedItem[], sold: readonly { sku: string }[]): FieldError[] {
  return items.flatMap(({ sku }, index) =>
    sold.some((item) => item.sku === sku)
      ? []
      : [{ field: `items.${index}.sku`, message: 'is the sku of no item of the sale' }],
  );
}

function tooHigh(totalAmountCents: number, left: number): FieldError[] {
  const message = `must be at most what is left of all items of the sale, ${left}`;
  return totalAmountCents > left ? [{ field: 'totalAmountCents', message }] : [];
}

function refuse(fields: readonly FieldError[]): void {
  if (fields.length === 0) return;
  const words = fields.map(({ field, message }) => `${field}: ${message}`).join('; ');
  throw new DomainError('invalid_request', `The items do not fit the sale. ${words}.`, { fields });
}

/** Something about an amount that the caller should check, although it is taken. */
export interface AmountWarning {
  code: 'amount_above_first';
  detail: string;
}

/** An order seldom becomes larger: most likely its amount is in another unit, or is of another order. */
export function amountWarnings(
  { payload }: Pick<Conversion, 'payload'>,
  { totalAmountCents = 0, items = [] }: Pick<Adjustment, 'totalAmountCents' | 'items'>,
): AmountWarning[] {
  const first = payload.totalAmountCents;
  const details = [];
  if (typeof first === 'number' && totalAmountCents > first)
    details.push(`The new amount ${totalAmountCents} is above the first one, ${first}: check it.`);
  const sold = itemsOf(payload) ?? [];
  const above = items.flatMap(({ sku, quantity, subtotalCents }, index) => {
    const item = sold.find((candidate) => candidate.sku === sku);
    return item && (quantity > item.quantity || subtotalCents > item.subtotalCents) ? [`items.${index}`] : [];
  });
  if (above.length > 0) details.push(`More is left of ${above.join(', ')} than was sold: check it.`);
  return details.map((detail) => ({ code: 'amount_above_first', detail }));
}
