import { ApplicationFailure } from '@temporalio/common';
import type { Change } from '../../src/domain/adjustment.js';
import type { Conversion } from '../../src/domain/conversion.js';
import type { Database } from '../../src/mongo.js';
import { findConversion } from '../find-conversion.js';

/** @throws ApplicationFailure `conversion_not_found`, `change_not_found`, which no retry mends */
export async function findChange(
  db: Database,
  conversionId: string,
  changeId: string,
): Promise<{ conversion: Conversion; change: Change }> {
  const conversion = await findConversion(db, conversionId);
  const change = conversion.changes?.find(({ id }) => id === changeId);
  if (change) return { conversion, change };
  throw ApplicationFailure.nonRetryable(
    `The conversion "${conversionId}" has no change "${changeId}" in the ledger.`,
    'change_not_found',
  );
}
