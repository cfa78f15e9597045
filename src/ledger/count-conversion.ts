import { type ConversionStatus, campaignEventOf } from '../domain/conversion.js';
import type { Metrics } from '../metrics.js';

/** Whoever writes to the ledger may be watched. */
export interface CountsConversions {
  metrics?: Pick<Metrics, 'conversions'>;
}

/** Counts a step that the ledger has taken, after it has: what a transaction undoes never happened. */
export function countConversion(
  { metrics }: CountsConversions,
  conversionId: string,
  outcome: ConversionStatus,
): void {
  metrics?.conversions.inc({ event: campaignEventOf(conversionId), outcome });
}
