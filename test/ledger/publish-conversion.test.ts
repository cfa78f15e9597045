import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOCK_SKEW_MS } from '../../src/domain/clock-skew.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import type { Database } from '../../src/mongo.js';
import { syncUser } from '../../src/users/sync-user.js';
import { openFreshDatabase } from '../support/mongo.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const deps = () => ({ db, programme, userIdOf, signupGraceMs: 60_000 });
const newUser = () => `user_${randomUUID()}`;
const stored = (clerkId: string) => db.users.findOne({ clerkId }).orFail().lean();

function sell(clerkId: string, orderId: string = randomUUID(), wanted = deps(), occurredAt?: Date) {
  const payload = { orderId, totalAmountCents: 4900, currency: 'USD' };
  return publishConversion(wanted, {
    campaignEventId: 'sale_subscription',
    user: { clerkId },
    occurredAt,
    payload,
  });
}

describe('sales of one user at once', () => {
  it('do not wait for each other: none writes to a user who has a click', async () => {
    const clerkId = newUser();
    await syncUser(deps(), { clerkId, clickId: 'abc' });
    const before = await stored(clerkId);
    let runs = 0;
    const transaction: Database['transaction'] = (work, deadlineMs) =>
      db.transaction((session, isRepeated) => {
        runs += 1;
        return work(session, isRepeated);
      }, deadlineMs);
    const counted = { ...deps(), db: { ...db, transaction } };
    const sales = await Promise.all(Array.from({ length: 60 }, () => sell(clerkId, randomUUID(), counted)));
    expect(await stored(clerkId)).toEqual(before);
    expect(sales.filter(({ attribution }) => attribution?.clickId === 'abc')).toHaveLength(60);
    // A transaction in conflict would have run again.
    expect(runs).toBe(60);
  });

  it('do not write to a user without a click either, once no click can attribute them after the fact', async () => {
    const clerkId = newUser();
    await syncUser(deps(), { clerkId });
    const createdAt = new Date(Date.now() - deps().signupGraceMs - CLOCK_SKEW_MS);
    await db.users.updateOne({ clerkId }, { createdAt });
    const before = await stored(clerkId);
    const longAgo = new Date(Date.now() - 2 * CLOCK_SKEW_MS);
    await Promise.all(Array.from({ length: 10 }, () => sell(clerkId, randomUUID(), deps(), longAgo)));
    expect(await stored(clerkId)).toEqual(before);
  });

  it('with one order id are one sale', async () => {
    const clerkId = newUser();
    await syncUser(deps(), { clerkId, clickId: 'abc' });
    const orderId = randomUUID();
    const sales = await Promise.all(Array.from({ length: 20 }, () => sell(clerkId, orderId)));
    expect(new Set(sales.map(({ createdAt }) => createdAt.getTime())).size).toBe(1);
    expect(await db.conversions.countDocuments({ 'payload.orderId': orderId })).toBe(1);
  });
});
