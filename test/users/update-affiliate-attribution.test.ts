import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impactClick } from '../../src/domain/attribution.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { type PublishDeps, publishConversion } from '../../src/ledger/publish-conversion.js';
import type { Database } from '../../src/mongo.js';
import { syncUser } from '../../src/users/sync-user.js';
import { updateAffiliateAttribution } from '../../src/users/update-affiliate-attribution.js';
import type { User } from '../../src/users/user.model.js';
import { openFreshDatabase } from '../support/mongo.js';
import { programmeWith } from '../support/programme.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const newUser = () => `user_${randomUUID()}`;
const within = () => ({ db, programme, userIdOf, signupGraceMs: 60_000 });
const withoutGrace = () => ({ db, programme, userIdOf, signupGraceMs: 0 });
const stored = (clerkId: string) => db.users.findOne({ clerkId }).lean();

async function clickIdsOf(clerkId: string) {
  return (await stored(clerkId))?.attributionHistory?.map(({ clickId }) => clickId);
}

const signupOf = ({ _id }: User) => db.conversions.findById(`signup:${_id}`).lean();

const sell = (clerkId: string, occurredAt: Date) => publish(within(), clerkId, occurredAt);

async function publish(deps: PublishDeps, clerkId: string, occurredAt: Date) {
  const published = await publishConversion(deps, {
    campaignEventId: 'sale_subscription',
    user: { clerkId },
    occurredAt,
    payload: { orderId: randomUUID(), totalAmountCents: 4900, currency: 'USD' },
  });
  return published.conversion;
}

describe('a click of a signed-in user', () => {
  it('as the very first request creates the user and a signup with that click', async () => {
    const clerkId = newUser();
    const { user, pending } = await updateAffiliateAttribution(within(), {
      clerkId,
      clickId: 'abc',
    });
    expect(pending.map(({ _id }) => _id)).toEqual([`signup:${user._id}`]);
    expect(await clickIdsOf(clerkId)).toEqual(['abc']);
    expect(await db.conversions.findById(`signup:${user._id}`).lean()).toMatchObject({
      status: 'pending',
      attribution: { clickId: 'abc' },
    });
  });

  it('who landed before the signup, and within the grace, gives the signup its attribution', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId });
    const landing = { clickId: 'late', clickedAt: user.createdAt };
    const { pending } = await updateAffiliateAttribution(within(), { clerkId, ...landing });
    expect(pending.map(({ _id }) => _id)).toEqual([`signup:${user._id}`]);
    expect(await clickIdsOf(clerkId)).toEqual(['late']);
  });

  it('who landed after the signup leaves the signup as it is', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId });
    const landing = { clickId: 'later', clickedAt: new Date(user.createdAt.getTime() + 1) };
    const { pending } = await updateAffiliateAttribution(within(), { clerkId, ...landing });
    expect(pending).toEqual([]);
    expect(await clickIdsOf(clerkId)).toEqual(['later']);
    expect(await signupOf(user)).toMatchObject({ status: 'skipped' });
  });

  it.each([
    ['before the signup', -1],
    ['at a time that is not known', undefined],
  ])('who landed %s attributes the events of the last five minutes', async (_when, sinceSignupMs) => {
    const clerkId = newUser();
    const { user } = await syncUser(withoutGrace(), { clerkId });
    const inTime = await sell(clerkId, new Date(Date.now() - 240_000));
    const tooEarly = await sell(clerkId, new Date(Date.now() - 301_000));
    const clickedAt = sinceSignupMs && new Date(Math.min(Date.now() - 300_000, user.createdAt.getTime()));
    const landing = { clickId: 'later', ...(clickedAt ? { clickedAt } : {}) };
    const { pending } = await updateAffiliateAttribution(withoutGrace(), { clerkId, ...landing });
    expect(new Set(pending.map(({ _id }) => _id))).toEqual(new Set([inTime._id, `signup:${user._id}`]));
    expect(await db.conversions.findById(inTime._id).lean()).toMatchObject({
      status: 'pending',
      attribution: { clickId: 'later' },
      timeline: [{ status: 'skipped' }, { status: 'pending', detail: 'Its click id arrived after it.' }],
    });
    expect(await db.conversions.findById(tooEarly._id).lean()).toMatchObject({ status: 'skipped' });
  });

  it('at the same moment as a sale never leaves the sale without the click', async () => {
    const clerkIds = Array.from({ length: 10 }, newUser);
    await Promise.all(clerkIds.map((clerkId) => syncUser(withoutGrace(), { clerkId })));
    const both = (clerkId: string) =>
      Promise.all([
        publish(withoutGrace(), clerkId, new Date(Date.now() - 60_000)),
        updateAffiliateAttribution(withoutGrace(), { clerkId, clickId: 'abc' }),
      ]);
    const sales = await Promise.all(clerkIds.map(async (clerkId) => (await both(clerkId))[0]._id));
    const found = await db.conversions.find({ _id: { $in: sales } }).lean();
    expect(found.map(({ attribution }) => attribution?.clickId)).toEqual(sales.map(() => 'abc'));
  });

  it('within the grace but after another click leaves the signup with the first', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId, clickId: 'first' });
    await updateAffiliateAttribution(within(), { clerkId, clickId: 'second' });
    expect(await clickIdsOf(clerkId)).toEqual(['first', 'second']);
    expect(await db.conversions.findById(`signup:${user._id}`).lean()).toMatchObject({
      attribution: { clickId: 'first' },
    });
  });

  it('long after the signup becomes the attribution, captured now, and reports no signup', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(withoutGrace(), { clerkId });
    const longAgo = new Date(Date.now() - 300_001);
    await db.conversions.updateOne({ _id: `signup:${user._id}` }, { $set: { occurredAt: longAgo } });
    const before = new Date();
    const { pending } = await updateAffiliateAttribution(withoutGrace(), {
      clerkId,
      clickId: 'abc',
    });
    expect(pending).toEqual([]);
    const click = (await stored(clerkId))?.attribution?.impact;
    expect(click).toMatchObject({ clickId: 'abc' });
    expect(click?.capturedAt?.getTime()).toBeGreaterThanOrEqual(before.getTime());
    expect(await signupOf(user)).toMatchObject({ status: 'skipped', reason: 'no_attribution' });
  });
});

describe('the last click', () => {
  it('wins, and the earlier ones stay in the history, oldest first', async () => {
    const clerkId = newUser();
    for (const clickId of ['a', 'b', 'c']) await updateAffiliateAttribution(within(), { clerkId, clickId });
    expect((await stored(clerkId))?.attribution?.impact?.clickId).toBe('c');
    expect(await clickIdsOf(clerkId)).toEqual(['a', 'b', 'c']);
  });

  it('is the newest of the history, with the same time', async () => {
    const clerkId = newUser();
    for (const clickId of ['a', 'b']) await updateAffiliateAttribution(within(), { clerkId, clickId });
    const user = await stored(clerkId);
    expect(user?.attributionHistory?.at(-1)).toEqual({ provider: 'impact', ...user?.attribution?.impact });
  });

  it('is one that was there before, when the user comes through its link again', async () => {
    const clerkId = newUser();
    for (const clickId of ['a', 'b', 'a']) await updateAffiliateAttribution(within(), { clerkId, clickId });
    expect(await clickIdsOf(clerkId)).toEqual(['a', 'b', 'a']);
  });

  it('sent again changes nothing, so that its window is not renewed', async () => {
    const clerkId = newUser();
    await updateAffiliateAttribution(withoutGrace(), { clerkId, clickId: 'abc' });
    await updateAffiliateAttribution(withoutGrace(), { clerkId, clickId: 'def' });
    const before = await stored(clerkId);
    await updateAffiliateAttribution(withoutGrace(), { clerkId, clickId: 'def' });
    expect(await stored(clerkId)).toEqual(before);
  });

  it('sent 10 times at once is one click', async () => {
    const clerkId = newUser();
    await syncUser(within(), { clerkId, clickId: 'first' });
    const again = () => updateAffiliateAttribution(within(), { clerkId, clickId: 'second' });
    await Promise.all(Array.from({ length: 10 }, again));
    expect(await clickIdsOf(clerkId)).toEqual(['first', 'second']);
  });

  it('differs from one in another case', async () => {
    const clerkId = newUser();
    for (const clickId of ['abc', 'ABC']) await updateAffiliateAttribution(within(), { clerkId, clickId });
    expect((await stored(clerkId))?.attribution?.impact?.clickId).toBe('ABC');
  });
});

describe('the first click, in a programme that credits it', () => {
  const deps = () => ({ ...within(), programme: programmeWith({}, { attribution: 'first_click' }) });
  const land = async (clerkId: string, ...clicks: string[]) => {
    for (const clickId of clicks) await updateAffiliateAttribution(deps(), { clerkId, clickId });
  };

  it('is never replaced by a later one, and the history has them all', async () => {
    const clerkId = newUser();
    await land(clerkId, 'a', 'b', 'a', 'a');
    expect((await stored(clerkId))?.attribution?.impact?.clickId).toBe('a');
    expect(await clickIdsOf(clerkId)).toEqual(['a', 'b', 'a']);
  });

  it('is credited with the signup and with later sales', async () => {
    const clerkId = newUser();
    await land(clerkId, 'a', 'b');
    const sale = await publish(deps(), clerkId, new Date());
    expect(sale.attribution).toMatchObject({ clickId: 'a' });
  });

  it('is credited although more clicks followed than the history keeps', async () => {
    const clerkId = newUser();
    await land(clerkId, 'a', ...Array.from({ length: 25 }, (_, i) => `click-${i}`));
    expect((await publish(deps(), clerkId, new Date())).attribution).toMatchObject({ clickId: 'a' });
  });

  it('is the one after an organic signup, for later sales', async () => {
    const clerkId = newUser();
    await syncUser(deps(), { clerkId });
    await land(clerkId, 'a', 'b');
    expect((await publish(deps(), clerkId, new Date())).attribution).toMatchObject({ clickId: 'a' });
  });
});

describe('the history', () => {
  it('keeps the first click and the last 19', async () => {
    const clerkId = newUser();
    const clicks = Array.from({ length: 25 }, (_, i) => `click-${i}`);
    for (const clickId of clicks) await updateAffiliateAttribution(within(), { clerkId, clickId });
    expect(await clickIdsOf(clerkId)).toEqual(['click-0', ...clicks.slice(-19)]);
  });

  it('that no longer reaches back to a late sale is the reason, and not that all the clicks came later', async () => {
    const clerkId = newUser();
    const times = Array.from({ length: 20 }, (_, day) => new Date(Date.UTC(2026, 9, day + 1)));
    const history = times.map((capturedAt, i) => impactClick(`click-${i}`, capturedAt));
    await syncUser(within(), { clerkId });
    await db.users.updateOne({ clerkId }, { attributionHistory: history });
    const reasonOn = async (day: string) =>
      (await sell(clerkId, new Date(`2026-${day}T12:00:00Z`))).reason ?? 'attributed';

    expect(await reasonOn('09-30')).toBe('click_after_event');
    expect(await reasonOn('10-01')).toBe('attributed');
    for (const clickId of ['21st', '22nd']) await updateAffiliateAttribution(within(), { clerkId, clickId });
    expect(await reasonOn('09-30')).toBe('click_after_event');
    expect(await reasonOn('10-01')).toBe('click_history_too_short');
    expect(await reasonOn('10-02')).toBe('click_history_too_short');
    expect(await reasonOn('10-03')).toBe('click_history_too_short');
    expect(await reasonOn('10-04')).toBe('attributed');
  });

  it('says nothing of forgotten clicks while it has them all', async () => {
    const clerkId = newUser();
    for (const clickId of ['a', 'b']) await updateAffiliateAttribution(within(), { clerkId, clickId });
    expect(await stored(clerkId)).not.toHaveProperty('hasForgottenClicks');
  });

  it('keeps a click id that looks like a path of MongoDB, or like a wrong one, as any other', async () => {
    const clerkId = newUser();
    const clickIds = ['$clerkId', '$$ROOT', '$$G@r'];
    for (const clickId of clickIds) await updateAffiliateAttribution(within(), { clerkId, clickId });
    expect(await clickIdsOf(clerkId)).toEqual(clickIds);
    expect((await stored(clerkId))?.attribution?.impact?.clickId).toBe('$$G@r');
  });

  it('has every one of 10 clicks that arrive at once', async () => {
    const clerkId = newUser();
    const clicks = Array.from({ length: 10 }, (_, i) => `at-once-${i}`);
    await syncUser(within(), { clerkId, clickId: 'first' });
    await Promise.all(clicks.map((clickId) => updateAffiliateAttribution(within(), { clerkId, clickId })));
    expect((await clickIdsOf(clerkId))?.toSorted()).toEqual([...clicks, 'first']);
  });
});

describe('a user document in the original shape, with foreign fields', () => {
  const capturedAt = new Date('2026-11-01T00:00:00Z');

  async function insertOriginal(): Promise<string> {
    const clerkId = newUser();
    const now = new Date();
    await db.users.collection.insertOne({
      clerkId,
      email: 'kim@example.com',
      plan: { name: 'pro', seats: 3 },
      attribution: { impact: { clickId: 'original', capturedAt }, google: { gclid: 'g' } },
      createdAt: now,
      updatedAt: now,
    });
    return clerkId;
  }

  const foreign = {
    email: 'kim@example.com',
    plan: { name: 'pro', seats: 3 },
    attribution: { google: { gclid: 'g' } },
  };

  it('counts as one click: its sales are attributed', async () => {
    const clerkId = await insertOriginal();
    const { attribution } = await sell(clerkId, new Date('2026-11-02T00:00:00Z'));
    expect(attribution).toEqual({ provider: 'impact', clickId: 'original', capturedAt });
  });

  it('keeps its click in the history when another one comes', async () => {
    const clerkId = await insertOriginal();
    await updateAffiliateAttribution(within(), { clerkId, clickId: 'newer' });
    expect(await clickIdsOf(clerkId)).toEqual(['original', 'newer']);
    const { attribution } = await sell(clerkId, new Date('2026-11-02T00:00:00Z'));
    expect(attribution).toMatchObject({ clickId: 'original' });
  });

  it('keeps its foreign fields through every write', async () => {
    const clerkId = await insertOriginal();
    await syncUser(within(), { clerkId, clickId: 'header' });
    await updateAffiliateAttribution(within(), { clerkId, clickId: 'newer' });
    await sell(clerkId, new Date());
    expect(await db.users.collection.findOne({ clerkId })).toMatchObject(foreign);
  });
});
