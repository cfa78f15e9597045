import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import type { Database } from '../../src/mongo.js';
import { eraseUser } from '../../src/users/erase-user.js';
import { putUser, type UserToPut } from '../../src/users/put-user.js';
import { syncUser } from '../../src/users/sync-user.js';
import { updateAffiliateAttribution } from '../../src/users/update-affiliate-attribution.js';
import { openFreshDatabase } from '../support/mongo.js';
import { programmeWith } from '../support/programme.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const newUser = () => `user_${randomUUID()}`;
const deps = () => ({ db, programme, userIdOf, signupGraceMs: 60_000 });
const firstClick = () => ({ ...deps(), programme: programmeWith({}, { attribution: 'first_click' }) });
const withoutGrace = () => ({ ...deps(), signupGraceMs: 0 });
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const signupOf = (clerkId: string) => db.conversions.findById(`signup:${userIdOf(clerkId)}`).lean();
const EMAIL = 'a'.repeat(40);

async function clicksOf(clerkId: string) {
  const user = await db.users.findOne({ clerkId }).lean();
  return user?.attributionHistory?.map(({ clickId }) => clickId);
}

async function credited(clerkId: string) {
  return (await db.users.findOne({ clerkId }).lean())?.attribution?.impact?.clickId;
}

async function sell(clerkId: string, occurredAt: Date) {
  const payload = { orderId: randomUUID(), totalAmountCents: 4900, currency: 'USD' };
  const sale = { campaignEventId: 'sale_subscription', user: { clerkId }, occurredAt, payload };
  return (await publishConversion(deps(), sale)).conversion;
}

describe('the click of a new user', () => {
  it.each<[string, Partial<UserToPut>]>([
    ['at the time that the backend says', { clickedAt: minutesAgo(90), signedUpAt: minutesAgo(60) }],
    ['at the signup, if the backend does not say', { signedUpAt: minutesAgo(60) }],
  ])('is captured %s', async (_when, times) => {
    const { user, signup } = await putUser(deps(), { clerkId: newUser(), clickId: 'abc', ...times });
    const capturedAt = times.clickedAt ?? times.signedUpAt;
    expect(user.attribution?.impact).toEqual({ clickId: 'abc', capturedAt });
    expect(signup).toMatchObject({ status: 'pending', attribution: { clickId: 'abc', capturedAt } });
  });

  it('that came long after the signup does not count for it', async () => {
    const times = { signedUpAt: minutesAgo(60), clickedAt: minutesAgo(30) };
    const { signup } = await putUser(deps(), { clerkId: newUser(), clickId: 'abc', ...times });
    expect(signup).toMatchObject({ status: 'skipped', reason: 'click_after_event' });
  });

  it('of a clock that is ahead is captured now, so that the next click is newer', async () => {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, clickId: 'ahead', clickedAt: minutesAgo(-4) });
    await putUser(deps(), { clerkId, clickId: 'next' });
    expect((await sell(clerkId, new Date())).attribution).toMatchObject({ clickId: 'next' });
  });
});

describe('a click that comes after the user', () => {
  it('counts as captured at the signup, however late the request that names the signup comes', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(deps(), { clerkId });
    const signedUpAt = new Date(user.createdAt.getTime() - 1_000);
    const put = await putUser(withoutGrace(), { clerkId, clickId: 'late', signedUpAt });
    expect(put).toMatchObject({
      created: false,
      pending: [{ _id: `signup:${user._id}` }],
      signup: { status: 'pending', attribution: { clickId: 'late', capturedAt: signedUpAt } },
    });
  });

  it('counts for the signup and the sales since its own time, however long ago that was', async () => {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, signedUpAt: minutesAgo(120) });
    const sale = await sell(clerkId, minutesAgo(60));
    const { pending } = await putUser(withoutGrace(), {
      clerkId,
      clickId: 'late',
      clickedAt: minutesAgo(130),
    });
    expect(new Set(pending.map(({ _id }) => _id))).toEqual(
      new Set([`signup:${userIdOf(clerkId)}`, sale._id]),
    );
  });

  it('without any time counts for the signup within the grace', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(deps(), { clerkId });
    const { signup } = await putUser(deps(), { clerkId, clickId: 'late' });
    expect(signup).toMatchObject({ attribution: { clickId: 'late', capturedAt: user.createdAt } });
  });

  it('without any time is one of now after the grace', async () => {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, signedUpAt: minutesAgo(60) });
    const { signup } = await putUser(withoutGrace(), { clerkId, clickId: 'now' });
    expect(signup).toMatchObject({ status: 'skipped', reason: 'no_attribution' });
    expect(await credited(clerkId)).toBe('now');
  });

  it('never takes a conversion from the click that it has', async () => {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, clickId: 'first', signedUpAt: minutesAgo(60) });
    const { signup } = await putUser(deps(), { clerkId, clickId: 'older', clickedAt: minutesAgo(70) });
    expect(signup).toMatchObject({ attribution: { clickId: 'first' } });
  });
});

describe('clicks that are reported out of their order', () => {
  const at = (clickId: string, minutes: number) => ({ clickId, clickedAt: minutesAgo(minutes) });

  it('stand in the order of their times, and the newest is credited', async () => {
    const clerkId = newUser();
    for (const click of [at('b', 20), at('d', 5), at('a', 30), at('c', 10)])
      await putUser(deps(), { clerkId, signedUpAt: minutesAgo(40), ...click });
    expect(await clicksOf(clerkId)).toEqual(['a', 'b', 'c', 'd']);
    expect(await credited(clerkId)).toBe('d');
  });

  it('credit the oldest, where the programme credits the first one', async () => {
    const clerkId = newUser();
    for (const click of [at('b', 20), at('a', 30), at('c', 10)])
      await putUser(firstClick(), { clerkId, signedUpAt: minutesAgo(40), ...click });
    expect(await credited(clerkId)).toBe('a');
  });

  it('leave a later click of the session the newest', async () => {
    const clerkId = newUser();
    const webhook = { clerkId, clickId: 'of-the-signup', signedUpAt: minutesAgo(60) };
    await putUser(deps(), webhook);
    await updateAffiliateAttribution(deps(), { clerkId, clickId: 'of-today' });
    const before = await db.users.findOne({ clerkId }).lean();
    await putUser(deps(), webhook);
    expect(await db.users.findOne({ clerkId }).lean()).toEqual(before);
    expect(await credited(clerkId)).toBe('of-today');
  });

  it('change nothing where the same one stands there, whether it is the newest or not', async () => {
    const clerkId = newUser();
    for (const click of [at('a', 30), at('b', 20)]) await putUser(deps(), { clerkId, ...click });
    const before = await db.users.findOne({ clerkId }).lean();
    for (const click of [at('a', 30), at('a', 25), at('a', 35), at('b', 15), { clickId: 'b' }])
      await putUser(deps(), { clerkId, ...click });
    expect(await db.users.findOne({ clerkId }).lean()).toEqual(before);
  });

  it('are all kept, in order, where they arrive at once', async () => {
    const clerkId = newUser();
    const minutes = [7, 3, 9, 1, 5, 8, 2, 6, 4];
    await Promise.all(minutes.map((each) => putUser(deps(), { clerkId, ...at(`click-${each}`, each) })));
    expect(await clicksOf(clerkId)).toEqual(minutes.toSorted((a, b) => b - a).map((each) => `click-${each}`));
  });

  it('leave the first click the first, where the history is full', async () => {
    const clerkId = newUser();
    const minutes = Array.from({ length: 25 }, (_, index) => 100 - index);
    for (const each of minutes) await putUser(deps(), { clerkId, ...at(`click-${each}`, each) });
    await putUser(deps(), { clerkId, ...at('in-the-gap', 98) });
    expect(await clicksOf(clerkId)).toEqual([
      'click-100',
      ...minutes.slice(-19).map((each) => `click-${each}`),
    ]);
    await putUser(deps(), { clerkId, ...at('before-all', 101) });
    expect((await clicksOf(clerkId))?.slice(0, 2)).toEqual(['before-all', 'click-94']);
  });
});

describe('a person who was erased', () => {
  async function erased() {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, clickId: 'old', signedUpAt: minutesAgo(60) });
    await eraseUser(deps(), clerkId);
    return clerkId;
  }

  it.each([false, true])(
    'is not created by the request of an earlier signup (existing: %j)',
    async (existing) => {
      const clerkId = await erased();
      const earlier = { clerkId, clickId: 'old', signedUpAt: minutesAgo(60), existing };
      await expect(putUser(deps(), earlier)).rejects.toMatchObject({ code: 'user_erased' });
      expect(await db.users.countDocuments({ clerkId })).toBe(0);
    },
  );

  it.each([false, true])(
    'comes back with a later signup, and without the old click (existing: %j)',
    async (existing) => {
      const clerkId = await erased();
      const { created, pending, user } = await putUser(deps(), { clerkId, existing });
      expect({ created, pending }).toEqual({ created: true, pending: [] });
      expect(user).not.toHaveProperty('attribution');
      expect(await db.conversions.countDocuments({ userId: String(user._id) })).toBe(1);
    },
  );

  it('has no e-mail address put into the signup that stays', async () => {
    const clerkId = await erased();
    await putUser(deps(), { clerkId, customerEmail: EMAIL });
    expect((await signupOf(clerkId))?.payload).toEqual({});
  });
});

describe('a signup', () => {
  it('is made once, although the user is imported first and reported then', async () => {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, existing: true });
    const { created, signup } = await putUser(deps(), { clerkId, clickId: 'abc', signedUpAt: minutesAgo(1) });
    expect({ created, signup }).toEqual({ created: false, signup: null });
  });

  it('is made once, although the document of the user was removed', async () => {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, clickId: 'abc' });
    const before = await signupOf(clerkId);
    await db.users.deleteOne({ clerkId });
    const { created, pending } = await putUser(deps(), { clerkId, clickId: 'new' });
    expect({ created, pending }).toEqual({ created: true, pending: [] });
    expect(await signupOf(clerkId)).toEqual(before);
  });

  it('gets an e-mail address that comes later, until it is sent', async () => {
    const [unsent, sent] = [newUser(), newUser()];
    for (const clerkId of [unsent, sent]) await syncUser(deps(), { clerkId, clickId: 'abc' });
    const submission = { state: 'sending', orderId: 'x', attempts: 1, sentAt: new Date() };
    await db.conversions.updateOne({ _id: `signup:${userIdOf(sent)}` }, { $set: { submission } });
    for (const clerkId of [unsent, sent]) await putUser(deps(), { clerkId, customerEmail: EMAIL });
    expect((await signupOf(unsent))?.payload).toEqual({ customerEmail: EMAIL });
    expect((await signupOf(sent))?.payload).toEqual({});
  });

  it('keeps its first e-mail address, which is no conflict', async () => {
    const clerkId = newUser();
    await putUser(deps(), { clerkId, customerEmail: EMAIL });
    const { signup } = await putUser(deps(), { clerkId, customerEmail: 'b'.repeat(40) });
    expect(signup?.payload).toEqual({ customerEmail: EMAIL });
  });
});
