import { ApplicationFailure } from '@temporalio/common';
import type { Conversion } from '../src/domain/conversion.js';
import type { Database } from '../src/mongo.js';

/** @throws ApplicationFailure `conversion_not_found`, which no retry mends */
export async function findConversion(db: Database, conversionId: string): Promise<Conversion> {
  const conversion = await db.conversions.findById(conversionId).lean();
  if (conversion) return conversion;
  throw ApplicationFailure.nonRetryable(
    `The ledger has no conversion "${conversionId}".`,
    'conversion_not_found',
  );
}
