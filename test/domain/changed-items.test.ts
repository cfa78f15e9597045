import { describe, expect, it } from 'vitest';
import { areKnown, lastChanges, shares, withChanges } from '../../src/domain/changed-items.js';

const costing = (...subtotals: number[]) => subtotals.map((subtotalCents) => ({ subtotalCents }));
const left = (sku: string, quantity: number, subtotalCents = 0) => ({ sku, quantity, subtotalCents });

describe("the items' parts of the order's amount", () => {
  it.each([
    ['their subtotals, without a discount', 5_000, [3_000, 2_000], [3_000, 2_000]],
    ['their subtotals less the same share of each', 4_500, [3_000, 2_000], [2_700, 1_800]],
    ['nothing of what costs nothing', 100, [0, 200, 0], [0, 100, 0]],
    ['the whole, of one item', 99, [100], [99]],
  ])('are %s', (_what, total, subtotals, parts) => {
    expect(shares(total, costing(...subtotals))).toEqual(parts);
  });

  it.each([
    [100, [1, 1, 1]],
    [1, [1, 1, 1, 1, 1, 1, 1]],
    [99_999, [33_333, 33_333, 33_334, 7]],
    [99_999_999_990, [99_999_999_990, 3, 99_999_999_989]],
  ])('have the whole as their sum, however they are rounded: %i', (total, subtotals) => {
    const parts = shares(total, costing(...subtotals));
    expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
    expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
  });
});

describe('changes of items', () => {
  it('leave what they do not name, and ignore what was not sold', () => {
    const items = ['A', 'B'].map((sku) => ({ ...left(sku, 2, 200), category: 'x' }));
    expect(withChanges(items, [left('B', 1, 100), left('C', 1, 100)])).toEqual([
      { ...left('A', 2, 200), category: 'x' },
      { ...left('B', 1, 100), category: 'x' },
    ]);
  });

  it('hold until the next one of the same item', () => {
    expect(lastChanges([left('A', 2), left('B', 1), left('A', 0)])).toEqual([left('A', 0), left('B', 1)]);
  });

  it('are known if the last ones say the same', () => {
    const known = [left('A', 1), left('A', 0), left('B', 1)];
    expect(areKnown([left('A', 0)], known)).toBe(true);
    expect(areKnown([left('A', 1)], known)).toBe(false);
    expect(areKnown([left('C', 1)], known)).toBe(false);
  });
});
