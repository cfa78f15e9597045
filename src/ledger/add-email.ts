import type { Conversion } from '../domain/conversion.js';
import { findConversion } from './find-conversion.js';
import { type Ledger, remark } from './transition.js';
import { untilWritten } from './until-written.js';

/**
 * Adds the hash of the customer's e-mail address to a lead that was recorded without one, until it is sent: the attempt takes
 * what it has claimed.
 * @returns the conversion as it is then, with its own address if it has one
 * @throws DomainError `concurrent_update`
 */
export async function addEmail(ledger: Ledger, known: Conversion, customerEmail: unknown) {
  const isMissing = ({ payload, submission, erasedAt }: Conversion) =>
    customerEmail !== undefined && payload.customerEmail === undefined && !submission && !erasedAt;
  if (!isMissing(known)) return known;
  return untilWritten(known._id, async () => {
    const conversion = await findConversion(ledger.db, known._id);
    if (!isMissing(conversion)) return conversion;
    const { _id, status } = conversion;
    const expected = { _id, submission: null, erasedAt: null, 'payload.customerEmail': null };
    const entry = { status, detail: 'The e-mail address of the customer was added.' };
    return remark(ledger, expected, entry, { set: { 'payload.customerEmail': customerEmail } });
  });
}
