import { quantile } from '../../dev/quantile.js';

/** NaN if there are no values. */
export function median(values: readonly number[] = []): number {
  return quantile(values, 0.5) ?? Number.NaN;
}
