import { ApplicationFailure } from '@temporalio/common';
import type { Adjustment } from '../src/domain/adjustment.js';
import type { Conversion } from '../src/domain/conversion.js';
import type { Database } from '../src/mongo.js';
import { findConversion } from './find-conversion.js';

/** @throws ApplicationFailure `conversion_not_found`, `adjustment_not_found`, which no retry mends */
export async function findAdjustment(
  db: Database,
  conversionId: string,
  adjustmentId: string,
): Promise<{ conversion: Conversion; adjustment: Adjustment }> {
  const conversion = await findConversion(db, conversionId);
  const adjustment = conversion.adjustments?.find(({ id }) => id === adjustmentId);
  if (adjustment) return { conversion, adjustment };
  throw ApplicationFailure.nonRetryable(
    `The conversion "${conversionId}" has no adjustment "${adjustmentId}" in the ledger.`,
    'adjustment_not_found',
  );
}
