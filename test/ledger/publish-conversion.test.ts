import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOCK_SKEW_MS } from '../../src/domain/clock-skew.js';
import { DomainError } from '../../src/domain/errors.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { claimSubmission } from '../../src/ledger/claim-submission.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import { findReleasable, release } from '../../src/ledger/release-skipped.js';
import { requestAdjustment } from '../../src/ledger/request-adjustment.js';
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

async function sell(clerkId: string, orderId: string = randomUUID(), wanted = deps(), occurredAt?: Date) {
  const payload = { orderId, totalAmountCents: 4900, currency: 'USD' };
  const sale = { campaignEventId: 'sale_subscription', user: { clerkId }, occurredAt, payload };
  return (await publishConversion(wanted, sale)).conversion;
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

describe('a sale of an unknown user', () => {
  const HELD = { reason: 'user_not_found', policy: programme.attribution, since: new Date(0) } as const;

  /** One round of a worker, in which something happens between its look and its writes. */
  async function releaseAll(meanwhile?: () => Promise<unknown>): Promise<void> {
    const found = [];
    for await (const one of findReleasable(db, HELD)) found.push(one);
    await meanwhile?.();
    for (const one of found) await release({ db }, one, 'The user appeared.');
  }
  const stateOf = async (id: string) => {
    const { status, reason, userId } = await db.conversions.findById(id).orFail().lean();
    return { status, reason, userId };
  };

  it('is one sale if it is published many times at once', async () => {
    const [clerkId, orderId] = [newUser(), randomUUID()];
    await Promise.all(Array.from({ length: 20 }, () => sell(clerkId, orderId)));
    expect(await db.conversions.countDocuments({ 'payload.orderId': orderId })).toBe(1);
  });

  it('that is published while its user is created ends the same, whichever comes first', async () => {
    const ends = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const clerkId = newUser();
        const [sale] = await Promise.all([sell(clerkId), syncUser(deps(), { clerkId, clickId: 'abc' })]);
        return { id: sale._id, userId: userIdOf(clerkId).toHexString() };
      }),
    );
    await releaseAll();
    for (const { id, userId } of ends)
      expect(await stateOf(id)).toEqual({ status: 'pending', reason: undefined, userId });
  });

  it.each([
    ['before a worker looks', false],
    ['while a worker looks', true],
  ])('gets the click that comes within the grace, %s', async (_when, meanwhile) => {
    const clerkId = newUser();
    const { _id } = await sell(clerkId);
    await syncUser(deps(), { clerkId });
    const click = () => syncUser(deps(), { clerkId, clickId: 'late' });
    if (!meanwhile) await click();
    await releaseAll(meanwhile ? click : undefined);
    const { status, attribution } = await db.conversions.findById(_id).orFail().lean();
    expect({ status, attribution }).toMatchObject({ status: 'pending', attribution: { clickId: 'late' } });
  });

  it('that is taken back while its user appears is never reported', async () => {
    const clerkId = newUser();
    const { _id } = await sell(clerkId);
    await syncUser(deps(), { clerkId, clickId: 'abc' });
    const reversal = { kind: 'reversal', reason: 'OTHER', by: 'shop' } as const;
    await releaseAll(() => requestAdjustment(deps(), _id, reversal));
    expect(await stateOf(_id)).toMatchObject({ status: 'reversed' });
  });
});

describe('the e-mail address of a signup', () => {
  const [KIM, LEE] = ['a'.repeat(40), 'b'.repeat(40)];

  function sign(clerkId: string, customerEmail?: string) {
    const payload = customerEmail === undefined ? {} : { customerEmail };
    return publishConversion(deps(), { campaignEventId: 'signup', user: { clerkId }, payload });
  }
  async function signedUp(clickId?: string) {
    const clerkId = newUser();
    const { user } = await syncUser(deps(), { clerkId, clickId });
    const id = `signup:${user._id}`;
    return { clerkId, id, stored: () => db.conversions.findById(id).orFail().lean() };
  }

  it.each([
    ['pending', 'click'],
    ['skipped', undefined],
  ])(
    'is added to a %s one that was recorded without, by a remark that does not name it',
    async (status, click) => {
      const { clerkId, id, stored } = await signedUp(click);
      expect(await sign(clerkId, KIM)).toMatchObject({ recorded: false, conversion: { _id: id, status } });
      const { payload, timeline } = await stored();
      expect({ payload, timeline }).toMatchObject({
        payload: { customerEmail: KIM },
        timeline: [{ status }, { status, detail: 'The e-mail address of the customer was added.' }],
      });
      expect(JSON.stringify(timeline)).not.toContain(KIM);
    },
  );

  it('published again, or left out, changes nothing', async () => {
    const { clerkId, stored } = await signedUp('click');
    await sign(clerkId, KIM);
    const before = await stored();
    for (const again of [KIM, undefined])
      expect(await sign(clerkId, again)).toMatchObject({ recorded: false });
    expect(await stored()).toEqual(before);
  });

  it('is not added any more once an attempt to report it has begun', async () => {
    const { clerkId, id, stored } = await signedUp('click');
    await claimSubmission({ db }, id, id);
    const before = await stored();
    expect(await sign(clerkId, KIM)).toMatchObject({ recorded: false });
    expect(await stored()).toEqual(before);
  });

  it('is a conflict if another one was recorded, also at the same moment', async () => {
    const { clerkId, stored } = await signedUp('click');
    const settled = await Promise.allSettled([sign(clerkId, KIM), sign(clerkId, LEE)]);
    const refused = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toEqual([expect.any(DomainError)]);
    expect(refused[0]).toMatchObject({ code: 'conversion_conflict' });
    expect([KIM, LEE]).toContain((await stored()).payload.customerEmail);
    await expect(sign(clerkId, 'c'.repeat(40))).rejects.toMatchObject({ code: 'conversion_conflict' });
  });

  it('of a sale belongs to the sale: added later, it is a conflict', async () => {
    const clerkId = newUser();
    await syncUser(deps(), { clerkId, clickId: 'click' });
    const { payload } = await sell(clerkId);
    const later = { campaignEventId: 'sale_subscription', user: { clerkId } };
    const withEmail = { ...later, payload: { ...payload, customerEmail: KIM } };
    await expect(publishConversion(deps(), withEmail)).rejects.toMatchObject({ code: 'conversion_conflict' });
  });
});
