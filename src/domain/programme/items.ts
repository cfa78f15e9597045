import { z } from 'zod';
import type { FieldError } from '../errors.js';
import { decimalAmount, MAX_MINOR_UNITS, maxMinorUnits } from '../money.js';
import type { ConversionDetails } from './event.js';
import { line } from './text.js';

/** Impact documents no number; the request stays below 16 kB. */
const MAX_ITEMS = 100;

const quantity = z.int().max(1_000_000);
const subtotalCents = z.int().min(0).max(MAX_MINOR_UNITS);

/** Impact's reports and contracts know items by sku and category. */
export const itemsSchema = z
  .array(
    z.strictObject({
      sku: line(255),
      category: line(255).describe(
        'Commission rates of a contract may depend on it. For a subscription, its plan.',
      ),
      name: line(255).optional(),
      quantity: quantity.min(1),
      subtotalCents: subtotalCents.describe("Of all pieces together, before the order's discount."),
    }),
  )
  .min(1)
  .max(MAX_ITEMS)
  .describe('Their subtotals, less `discountCents`, are `totalAmountCents`.');

export type Item = z.output<typeof itemsSchema>[number];

/** What is left of an item. */
export const changedItemsSchema = z
  .array(
    z
      .strictObject({
        sku: line(255),
        quantity: quantity.min(0).describe('0: it was returned.'),
        subtotalCents: subtotalCents.describe("Of the pieces that are left, before the order's discount."),
      })
      .refine(({ quantity, subtotalCents }) => quantity > 0 || subtotalCents === 0, {
        path: ['subtotalCents'],
        message: 'must be 0, as no piece is left',
      }),
  )
  .min(1)
  .max(MAX_ITEMS);

export type ChangedItem = z.output<typeof changedItemsSchema>[number];

export function sumOf(items: readonly { subtotalCents: number }[]): number {
  return items.reduce((sum, { subtotalCents }) => sum + subtotalCents, 0);
}

export interface SaleAmounts {
  totalAmountCents: number;
  discountCents?: number | undefined;
  currency: string;
  items?: readonly { subtotalCents: number }[] | undefined;
}

/** Impact takes the amounts before the discount. */
export function largestAmountFaults(sale: SaleAmounts): FieldError[] {
  const { totalAmountCents, discountCents = 0, currency, items } = sale;
  const max = maxMinorUnits(currency);
  const amounts = [
    { field: 'items', cents: items ? sumOf(items) : 0 },
    { field: 'totalAmountCents', cents: totalAmountCents + (items ? 0 : discountCents) },
  ];
  const message = `must be at most ${decimalAmount(max, currency)} ${currency} before the discount, as Impact takes eight digits before the point`;
  return amounts.filter(({ cents }) => cents > max).map(({ field }) => ({ field, message }));
}

export function itemProblems(
  items: readonly Item[],
  { totalAmountCents, discountCents }: { totalAmountCents: number; discountCents: number },
): FieldError[] {
  const sum = sumOf(items);
  const fits = sum - discountCents === totalAmountCents;
  const message = `the subtotals (${sum}) less discountCents (${discountCents}) must be totalAmountCents (${totalAmountCents})`;
  return [...repeatedSkus(items), ...(fits ? [] : [{ field: 'items', message }])];
}

/** Impact knows an item of an order by its sku alone. */
export function repeatedSkus(items: readonly { sku: string }[]): FieldError[] {
  return items.flatMap(({ sku }, index) =>
    items.findIndex((item) => item.sku === sku) < index
      ? [{ field: `items.${index}.sku`, message: 'is the sku of an item before it' }]
      : [],
  );
}

/** Counted from 1. https://integrations.impact.com/impact-brand/docs/item-level-data */
export function itemDetails(items: readonly Item[], money: (cents: number) => string): ConversionDetails {
  return Object.assign(
    {},
    ...items
      // A returned item is not sold.
      .filter(({ quantity }) => quantity > 0)
      .map(({ sku, category, name, quantity, subtotalCents }, index) => ({
        [`itemSku${index + 1}`]: sku,
        [`itemCategory${index + 1}`]: category,
        ...(name === undefined ? {} : { [`itemName${index + 1}`]: name }),
        [`itemQuantity${index + 1}`]: String(quantity),
        [`itemSubTotal${index + 1}`]: money(subtotalCents),
      })),
  );
}
