import { describe, expect, it } from 'vitest';
import { drawChart } from '../../bench/chart.js';
import type { Row } from '../../bench/part.js';
import { formatTable } from '../../bench/table.js';

const alone: Row = { work: 'signup', unit: 'ms', measured: 30 };
const row = (more: Partial<Row> = {}): Row => ({
  ...alone,
  baseline: { what: 'upsert', value: 12 },
  ...more,
});
const lastLine = (...rows: Row[]) => formatTable(rows).split('\n').at(-1);

describe('a row of the table', () => {
  it.each<[string, Partial<Row>, string]>([
    ['its ratio to the baseline', {}, '| signup | upsert: 12 ms | 30 ms'],
    ['a goal that the ratio meets', { goal: { atMost: 2.5 } }, '| 2.5   | ≤ 2.5 |'],
    ['a goal that it misses', { goal: { atMost: 2.4 } }, '≤ 2.4 (missed)'],
    ['a ratio that must be high', { unit: 'a second', goal: { atLeast: 3 } }, '≥ 3 (missed)'],
  ])('shows %s', (_what, more, shown) => {
    expect(lastLine(row(more))).toContain(shown);
  });

  it('shows a measurement without a baseline as it is', () => {
    expect(lastLine(alone)).toBe('| signup |          | 30 ms    |       |      |     |');
  });
});

describe('a chart', () => {
  const plot = { title: 'Latency & load', along: 'in flight', series: 'signup' };

  it('has a line for each series and for the baselines, with the time of its last point', () => {
    const baseline = { series: 'upsert', at: 1 };
    const svg = drawChart([
      row({ plot: { ...plot, at: 1, baseline } }),
      row({ plot: { ...plot, at: 10 }, measured: 90 }),
    ]);
    expect(svg).toContain('signup (90 ms)');
    expect(svg).toContain('upsert (12 ms)');
    expect(svg).toContain('Latency &amp; load');
  });

  it('is left out where no row has a point', () => {
    expect(drawChart([row()])).toBeUndefined();
  });
});
