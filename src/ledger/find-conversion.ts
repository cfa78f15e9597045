import type { Conversion } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import type { Database } from '../mongo.js';

/** @throws DomainError `conversion_not_found` */
export async function findConversion(db: Database, id: string): Promise<Conversion> {
  const conversion = await db.conversions.findById(id).lean();
  if (conversion) return conversion;
  throw new DomainError('conversion_not_found', `There is no conversion "${id}". Ids are <event>:<key>.`);
}
