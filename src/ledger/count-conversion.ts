import { type ConversionStatus, campaignEventIdOf } from '../domain/conversion.js';
import type { Metrics } from '../metrics.js';

export interface CountsConversions {
  metrics?: Pick<Metrics, 'conversions'>;
}

/** Counts a step once the ledger has it: a step that a transaction undoes is never counted. */
export function countConversion(
  { metrics }: CountsConversions,
  conversionId: string,
  outcome: ConversionStatus,
): void {
  metrics?.conversions.inc({ event: campaignEventIdOf(conversionId), outcome });
}
