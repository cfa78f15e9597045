import type { Conversion } from '../domain/conversion.js';
import { adjustment, publishedConversion, shownAdjustment } from './answers.js';

export const adjustedConversion = publishedConversion
  .extend({ adjustment: adjustment.optional().describe('The newest adjustment.') })
  .meta({ id: 'AdjustedConversion' });

/** The conversion's status, and its newest adjustment. */
export function toAdjusted({ _id, status, reason, adjustments }: Conversion) {
  const newest = adjustments?.at(-1);
  return { conversionId: _id, status, reason, adjustment: newest && shownAdjustment(newest) };
}
