import { type Item, itemsSchema } from '../../domain/programme/items.js';
import type { Line } from './shapes.js';

/**
 * The items of a sale, by price: a proration has two lines of one. None where the event has not all lines, where a line has no
 * price, or where Impact could not take them, as with a credit that is larger than its price: the sale then goes without items.
 * @param toMinorUnits from Stripe's minor unit to that of ISO 4217
 */
export function readItems(
  { data, has_more }: { data: readonly Line[]; has_more: boolean },
  toMinorUnits: (amount: number) => number,
): Item[] | undefined {
  if (has_more) return undefined;
  const bySku = new Map<string, Item>();
  for (const line of data) {
    const sku = line.pricing?.price_details?.price ?? line.price?.id;
    if (!sku) return undefined;
    const category = line.pricing?.price_details?.product ?? line.price?.product ?? sku;
    const before = bySku.get(sku);
    // Both lines of a proration count the same pieces.
    const quantity = Math.max(line.quantity ?? 1, before?.quantity ?? 0);
    const subtotalCents = toMinorUnits(subtotalOf(line)) + (before?.subtotalCents ?? 0);
    bySku.set(sku, { sku, category, quantity, subtotalCents });
  }
  // A price of which nothing is left, such as a free tier, is no item.
  const items = [...bySku.values()].filter(({ subtotalCents }) => subtotalCents !== 0);
  const { success, data: taken } = itemsSchema.safeParse(items);
  return success ? taken : undefined;
}

/** Before discounts and taxes. */
function subtotalOf({ subtotal, amount, taxes, tax_amounts }: Line): number {
  const included = (taxes ?? tax_amounts ?? []).filter(
    ({ inclusive, tax_behavior }) => inclusive || tax_behavior === 'inclusive',
  );
  return subtotal ?? included.reduce((rest, tax) => rest - tax.amount, amount);
}
