import type { ClientSession } from 'mongoose';
import { type Conversion, conversionId, USER_ERASED } from '../domain/conversion.js';
import { refuseErased } from '../domain/erasure.js';
import type { Programme } from '../domain/programme/programme.js';
import type { Database } from '../mongo.js';
import { placeholderOf } from './placeholder.js';
import { type Ledger, remark } from './transition.js';

/** The signup of an erased user says when that was, for as long as the ledger lives. */

function signupIdOf({ signup }: Programme, userId: string): string {
  return conversionId(signup.id, signup.key({ userId, payload: {} }));
}

/** @returns null for a user who was there before this service */
export function findSignup(
  { conversions }: Database,
  programme: Programme,
  userId: string,
  session: ClientSession | null = null,
): Promise<Conversion | null> {
  return conversions.findById(signupIdOf(programme, userId)).session(session).lean();
}

/** A user who had no signup here gets one that was never reported. It is counted nowhere as a step of a conversion. */
export async function keepTombstone(
  { db, programme }: Ledger & { programme: Programme },
  session: ClientSession,
  userId: string,
  { signup, erasedAt }: { signup: Conversion | null; erasedAt: Date },
): Promise<void> {
  const _id = signupIdOf(programme, userId);
  if (signup) {
    await db.conversions.updateOne({ _id }, { $set: { erasedAt } }, { session });
    return;
  }
  const state = { status: 'skipped', reason: USER_ERASED } as const;
  const line = { at: erasedAt, ...state, detail: 'The user was erased, and had no signup here.' };
  const tombstone: Conversion = { ...placeholderOf(programme, _id), ...state, erasedAt, timeline: [line] };
  await db.conversions.collection.insertOne(tombstone as never, { session });
}

/**
 * The person comes back as a new user. The write orders it against another erasure at this moment.
 * @param since when the session began, or when the person signed up
 * @throws DomainError `user_erased` if that was before the erasure
 */
export async function signUpAgain(
  ledger: Ledger,
  session: ClientSession,
  { _id, status, erasedAt, updatedAt }: Conversion,
  since: Date,
): Promise<void> {
  if (!erasedAt) return;
  refuseErased(erasedAt, since);
  const entry = { status, detail: 'The person signed up again, as a new user. This signup stays as it is.' };
  await remark(ledger, { _id, erasedAt }, entry, { set: { updatedAt }, session });
}

export interface Erasure {
  erasedAt: Date;
  /** How many conversions the ledger keeps without their user. */
  conversions: number;
}

/** @returns null where no user of this id was erased */
export async function findErasure(
  { conversions }: Database,
  programme: Programme,
  userId: string,
): Promise<Erasure | null> {
  const signup = await conversions.findById(signupIdOf(programme, userId), { erasedAt: 1 }).lean();
  if (!signup?.erasedAt) return null;
  const count = await conversions.countDocuments({ userId, erasedAt: { $ne: null } });
  return { erasedAt: signup.erasedAt, conversions: count };
}

/** Which of these users were erased, and when. */
export async function findErased(
  { conversions }: Database,
  programme: Programme,
  userIds: readonly string[],
): Promise<Map<string, Date>> {
  const ids = userIds.map((userId) => signupIdOf(programme, userId));
  const erased = { _id: { $in: ids }, erasedAt: { $ne: null } };
  const found = await conversions.find(erased, { userId: 1, erasedAt: 1 }).lean();
  return new Map(found.flatMap(({ userId, erasedAt }) => (erasedAt ? [[userId, erasedAt]] : [])));
}

/** Those that an erasure has ended although they had a workflow, which may not know it yet. */
export function findEndedByErasure({ conversions }: Database, userIds: readonly string[]) {
  const ended = { status: 'skipped', reason: USER_ERASED, 'timeline.status': 'reporting' } as const;
  return conversions
    .find({ userId: { $in: userIds }, ...ended })
    .lean()
    .exec();
}
