import type { Conversion } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import type { Database } from '../mongo.js';

/** An order id is recorded in Unicode's form NFC, and a shop or a terminal may name it in another form. */
export async function lookUpConversion({ conversions }: Database, id: string): Promise<Conversion | null> {
  const found = await conversions.findById(id).lean();
  const normalized = id.normalize('NFC');
  return found || normalized === id ? found : conversions.findById(normalized).lean();
}

/** @throws DomainError `conversion_not_found` */
export async function findConversion(db: Database, id: string): Promise<Conversion> {
  const conversion = await lookUpConversion(db, id);
  if (conversion) return conversion;
  throw notFound(id);
}

export function notFound(id: string): DomainError {
  return new DomainError('conversion_not_found', `There is no conversion "${id}". Ids are <event>:<key>.`);
}

/** @throws DomainError `conversion_not_found`, `adjustment_not_found` */
export async function findAdjustment(db: Database, id: string, adjustmentId: string) {
  const conversion = await findConversion(db, id);
  const adjustment = conversion.adjustments?.find((candidate) => candidate.id === adjustmentId);
  if (adjustment) return { conversion, adjustment };
  throw new DomainError(
    'adjustment_not_found',
    `The conversion "${id}" has no adjustment "${adjustmentId}".`,
  );
}
