import { describe, expect, it } from 'vitest';
import { CONFIRM_WITHIN_MS, LONGEST_LOOK_UP_WAIT_MS, LOOK_UP } from '../../src/domain/impact-times.js';
import { increasingWaitsMs, LONGEST_CONFIRM_WAIT_MS } from '../../workflows/options.js';

const sum = (waitsMs: number[]) => waitsMs.reduce((total, waitMs) => total + waitMs, 0);

describe('the waits before the questions to Impact', () => {
  it('of the look-ups take exactly two days by default', () => {
    const waitsMs = increasingWaitsMs(LOOK_UP, LONGEST_LOOK_UP_WAIT_MS);
    expect(waitsMs.map((waitMs) => waitMs / 3_600_000)).toEqual([0.5, 1, 2, 4, 8, 8, 8, 8, 8, 0.5]);
  });

  it('of the confirmation take exactly three days by default', () => {
    const times = { afterMs: 600_000, withinMs: CONFIRM_WITHIN_MS };
    const waitsMs = increasingWaitsMs(times, LONGEST_CONFIRM_WAIT_MS);
    const minutes = waitsMs.map((waitMs) => waitMs / 60_000);
    expect(minutes).toEqual([10, 20, 40, 80, 160, 320, 640, 720, 720, 720, 720, 170]);
    expect(sum(waitsMs)).toBe(72 * 3_600_000);
  });

  it.each([
    ['a last one that is cut', 2_000, 10_000, [2_000, 4_000, 4_000]],
    ['no last one of no length', 2_000, 14_000, [2_000, 4_000, 8_000]],
    ['one alone', 5_000, 5_000, [5_000]],
    ['one alone, be it ever so short', 0.1, 0.1, [0.1]],
  ])('are as short as they are configured, with %s', (_, afterMs, withinMs, waitsMs) => {
    expect(increasingWaitsMs({ afterMs, withinMs }, LONGEST_LOOK_UP_WAIT_MS)).toEqual(waitsMs);
  });

  it('have none for what rounding leaves', () => {
    const waitsMs = increasingWaitsMs({ afterMs: 1_100.1, withinMs: 3 * 1_100.1 + 1e-9 }, 5_000);
    expect(waitsMs).toEqual([1_100.1, 2 * 1_100.1]);
  });

  it('begin with the first as it is configured, where that is longer than the longest', () => {
    expect(increasingWaitsMs({ afterMs: 9_000, withinMs: 20_000 }, 5_000)).toEqual([
      9_000, 5_000, 5_000, 1_000,
    ]);
  });
});
