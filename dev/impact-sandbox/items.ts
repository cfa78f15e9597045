/** An item of an Action. */
export interface Item {
  sku: string;
  category: string;
  name?: string;
  quantity: number;
  /** After its share of the order's discount. */
  amount: number;
}

export function sumOf(items: readonly Item[]): number {
  return items.reduce((sum, { amount }) => sum + toCents(amount), 0) / 100;
}

/**
 * Gives the items amounts of this sum, in the proportions of those that they have. How Impact rounds is not documented: here
 * the last item takes what is left, and no item gets less than nothing.
 */
export function spread(sum: number, items: readonly Item[]): Item[] {
  let rest = toCents(sum);
  let weightOfRest = toCents(sumOf(items));
  return items.map((item, index) => {
    const weight = toCents(item.amount);
    // Items that cost nothing weigh nothing.
    const share = weightOfRest === 0 ? 0 : Math.round((rest * weight) / weightOfRest);
    const amount = index === items.length - 1 ? rest : share;
    rest -= amount;
    weightOfRest -= weight;
    return { ...item, amount: amount / 100 };
  });
}

function toCents(amount: number): number {
  return Math.round(amount * 100);
}
