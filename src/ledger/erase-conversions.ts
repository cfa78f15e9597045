import type { ClientSession } from 'mongoose';
import {
  type Conversion,
  isFixableSkip,
  isHeld,
  isSent,
  UNSETTLED,
  USER_ERASED,
} from '../domain/conversion.js';
import { PERSONAL_FIELDS } from '../domain/erasure.js';
import type { Programme } from '../domain/programme/programme.js';
import { endErased } from './end-unsent.js';
import { findSignup, keepTombstone } from './tombstone.js';
import { type Ledger, remark } from './transition.js';

/** So many in one transaction. */
const BATCH = 100;

/**
 * Takes the users of these ids, who are one person, out of the next conversions that still have them. The signup comes first, as
 * it keeps when the person was erased.
 * @param hadUser the person was known until now
 * @returns the conversions that this has ended
 */
export async function eraseConversions(
  ledger: Ledger & { programme: Programme },
  session: ClientSession,
  userIds: readonly [own: string, ...others: string[]],
  hadUser: boolean,
): Promise<{ ended: Conversion[]; isLast: boolean }> {
  const { conversions } = ledger.db;
  const unerased = { userId: { $in: userIds }, erasedAt: null };
  const left = await conversions.find(unerased).limit(BATCH).session(session).lean();
  const isLast = left.length < BATCH;
  if (!hadUser && left.length === 0) return { ended: [], isLast };
  const erasedAt = new Date();
  const signup = await findSignup(ledger.db, ledger.programme, userIds[0], session);
  const others = left.filter(({ _id }) => _id !== signup?._id);
  const ended: Conversion[] = [];
  for (const conversion of signup && !signup.erasedAt ? [signup, ...others] : others) {
    const written = await eraseConversion(ledger, session, conversion, erasedAt);
    if (written) ended.push(written);
  }
  await keepTombstone(ledger, session, userIds[0], { signup, erasedAt });
  return { ended, isLast };
}

/**
 * One that was not sent yet ends, because without its click it is never reported. What Impact has, or may have, goes on by its
 * order id, and a decision stays as it is.
 * @returns the conversion if that has ended it
 */
async function eraseConversion(
  ledger: Ledger,
  session: ClientSession,
  conversion: Conversion,
  erasedAt: Date,
): Promise<Conversion | null> {
  const { _id, status, updatedAt } = conversion;
  const set = { attribution: null, erasedAt };
  const unset = PERSONAL_FIELDS.map((field) => `payload.${field}`);
  if (waitsToBeSent(conversion))
    return endErased(ledger, conversion, { status }, undefined, { set, unset, session });
  const entry = { status, reason: USER_ERASED, detail: 'Its user was erased. The rest of it goes on.' };
  // Where it stands has not changed: audits and alerts go by this time.
  await remark(ledger, { _id, erasedAt: null }, entry, { set: { ...set, updatedAt }, unset, session });
  return null;
}

function waitsToBeSent(conversion: Conversion): boolean {
  if (isSent(conversion)) return false;
  return UNSETTLED.includes(conversion.status) || isHeld(conversion) || isFixableSkip(conversion);
}
