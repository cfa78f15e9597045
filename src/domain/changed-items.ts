import type { ChangedItem, Item } from './programme/items.js';

/** The items with what is left of them; of two changes of one item, the later one holds. */
export function withChanges(items: readonly Item[], changes: readonly ChangedItem[]): Item[] {
  return items.map((item) => ({ ...item, ...changes.findLast(({ sku }) => sku === item.sku) }));
}

/** Of each item the last change. */
export function lastChanges(changes: readonly ChangedItem[]): ChangedItem[] {
  return [...new Map(changes.map((change) => [change.sku, change])).values()];
}

/** Whether the last changes say the same as these. */
export function areKnown(changes: readonly ChangedItem[], known: readonly ChangedItem[]): boolean {
  return changes.every(({ sku, quantity, subtotalCents }) => {
    const last = known.findLast((item) => item.sku === sku);
    return last?.quantity === quantity && last.subtotalCents === subtotalCents;
  });
}

/**
 * Each item's part of the order's amount, in the proportions of the subtotals. The parts have the amount as their sum, and
 * an item that costs nothing gets nothing.
 */
export function shares(totalCents: number, items: readonly Pick<Item, 'subtotalCents'>[]): number[] {
  const subtotals = items.map(({ subtotalCents }) => subtotalCents);
  const ratio = totalCents / subtotals.reduce((sum, subtotal) => sum + subtotal, 0);
  let before = 0;
  return subtotals.map((subtotal) => {
    const after = before + subtotal;
    const share = Math.round(after * ratio) - Math.round(before * ratio);
    before = after;
    return share;
  });
}
