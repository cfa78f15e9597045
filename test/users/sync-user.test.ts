import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import type { Database } from '../../src/mongo.js';
import { syncUser } from '../../src/users/sync-user.js';
import { createUserIdOf } from '../../src/users/user-id.js';
import { openFreshDatabase } from '../support/mongo.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const newUser = () => `user_${randomUUID()}`;
const GRACE_MS = 60_000;
const within = () => ({ db, programme, userIdOf, signupGraceMs: GRACE_MS });
const withoutGrace = () => ({ db, programme, userIdOf, signupGraceMs: 0 });
const conversion = (id: string) => db.conversions.findById(id).lean();

function sell(clerkId: string, occurredAt?: Date) {
  const payload = { orderId: randomUUID(), totalAmountCents: 4900, currency: 'USD' };
  return publishConversion(within(), {
    campaignEventId: 'sale_subscription',
    user: { clerkId },
    occurredAt,
    payload,
  });
}

describe('a new user', () => {
  it('has the click in its attribution and as the first of its history', async () => {
    const { user } = await syncUser(within(), { clerkId: newUser(), clickId: 'abc' });
    const click = { provider: 'impact', clickId: 'abc', capturedAt: user.createdAt };
    const { provider: _network, ...current } = click;
    expect(user).toMatchObject({ attribution: { impact: current }, attributionHistory: [click] });
  });

  it('has no attribution at all without a click', async () => {
    const { user } = await syncUser(within(), { clerkId: newUser() });
    expect(user).not.toHaveProperty('attribution');
  });

  it('has a signup that waits for its workflow, where there is a click', async () => {
    const { user, pending } = await syncUser(within(), { clerkId: newUser(), clickId: 'abc' });
    expect(pending.map(({ _id }) => _id)).toEqual([`signup:${user._id}`]);
    expect(await conversion(`signup:${user._id}`)).toMatchObject({
      status: 'pending',
      occurredAt: user.createdAt,
      payload: {},
    });
  });

  it('has a signup that waits for nothing, where there is no click', async () => {
    const { user, pending } = await syncUser(within(), { clerkId: newUser() });
    expect(pending).toEqual([]);
    expect(await conversion(`signup:${user._id}`)).toMatchObject({
      status: 'skipped',
      reason: 'no_attribution',
    });
  });

  it('is not there without its signup: both are written, or neither', async () => {
    const clerkId = newUser();
    const failing = {
      ...within(),
      programme: {
        ...programme,
        get signup(): never {
          throw new Error('lost');
        },
      },
    };
    await expect(syncUser(failing, { clerkId, clickId: 'abc' })).rejects.toThrow('lost');
    expect(await db.users.countDocuments({ clerkId })).toBe(0);
  });
});

describe('a click that arrives within the grace', () => {
  it('counts as captured at the signup, because it came before', async () => {
    const clerkId = newUser();
    const { user: created } = await syncUser(within(), { clerkId });
    const { user } = await syncUser(within(), { clerkId, clickId: 'late' });
    const click = { provider: 'impact', clickId: 'late', capturedAt: created.createdAt };
    const { provider: _network, ...current } = click;
    expect(user).toMatchObject({ attribution: { impact: current }, attributionHistory: [click] });
  });

  it('flips the signup from skipped to pending, and says so in the timeline', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId });
    const { pending } = await syncUser(within(), { clerkId, clickId: 'late' });
    expect(pending.map(({ _id }) => _id)).toEqual([`signup:${user._id}`]);
    const signup = await conversion(`signup:${user._id}`);
    expect(signup).toMatchObject({
      status: 'pending',
      attribution: { clickId: 'late', capturedAt: user.createdAt },
      timeline: [
        { status: 'skipped', reason: 'no_attribution' },
        { status: 'pending', detail: 'Its click id arrived after it.' },
      ],
    });
    expect(signup).not.toHaveProperty('reason');
  });

  it('flips a sale that was skipped meanwhile', async () => {
    const clerkId = newUser();
    await syncUser(within(), { clerkId });
    const { _id } = await sell(clerkId);
    const { pending } = await syncUser(within(), { clerkId, clickId: 'late' });
    expect(pending.map((one) => one._id)).toContain(_id);
    expect(await conversion(_id)).toMatchObject({ status: 'pending', attribution: { clickId: 'late' } });
  });

  it('leaves a sale that happened more than five minutes before the signup as it is', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId });
    const { _id } = await sell(clerkId, new Date(user.createdAt.getTime() - 300_001));
    await syncUser(within(), { clerkId, clickId: 'late' });
    expect(await conversion(_id)).toMatchObject({ status: 'skipped', attribution: null });
  });

  it("leaves another user's conversions as they are", async () => {
    const [clerkId, other] = [newUser(), newUser()];
    await syncUser(within(), { clerkId });
    const { user } = await syncUser(within(), { clerkId: other });
    await syncUser(within(), { clerkId, clickId: 'late' });
    expect(await conversion(`signup:${user._id}`)).toMatchObject({ status: 'skipped' });
  });

  it('is ignored where the user has one already', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId, clickId: 'first' });
    await syncUser(within(), { clerkId, clickId: 'second' });
    expect(await db.users.findById(user._id).lean()).toMatchObject({
      attributionHistory: [{ clickId: 'first' }],
    });
    expect(await conversion(`signup:${user._id}`)).toMatchObject({ attribution: { clickId: 'first' } });
  });

  it('at the same moment as a sale never leaves the sale without the click', async () => {
    const clerkIds = Array.from({ length: 20 }, newUser);
    for (const clerkId of clerkIds) await syncUser(within(), { clerkId });
    await Promise.all(
      clerkIds.flatMap((clerkId) => [syncUser(within(), { clerkId, clickId: 'late' }), sell(clerkId)]),
    );
    const sales = await db.conversions
      .find({ campaignEventId: 'sale_subscription', 'attribution.clickId': 'late', status: 'pending' })
      .lean();
    const users = await db.users.find({ clerkId: { $in: clerkIds } }).lean();
    const buyers = new Set(sales.map(({ userId }) => userId));
    expect(users.filter(({ _id }) => !buyers.has(String(_id)))).toEqual([]);
  });
});

describe('the end of the grace', () => {
  it('is where a click is ignored, and the signup stays skipped', async () => {
    const clerkId = newUser();
    await syncUser(withoutGrace(), { clerkId });
    const { user, pending } = await syncUser(withoutGrace(), { clerkId, clickId: 'too-late' });
    expect(pending).toEqual([]);
    expect(user).not.toHaveProperty('attribution');
    expect(await conversion(`signup:${user._id}`)).toMatchObject({ status: 'skipped' });
  });

  it.each([
    [GRACE_MS, GRACE_MS - 1, 'counts', 'late'],
    [GRACE_MS, GRACE_MS, 'is ignored', undefined],
    [0, 0, 'is ignored', undefined],
  ])(
    '(a grace of %i ms, %i ms after the signup) %s',
    async (signupGraceMs, elapsedMs, _verdict, expected) => {
      const clerkId = newUser();
      vi.useFakeTimers({ toFake: ['Date'] });
      onTestFinished(() => {
        vi.useRealTimers();
      });
      await syncUser({ ...within(), signupGraceMs }, { clerkId });
      vi.setSystemTime(Date.now() + elapsedMs);
      const { user } = await syncUser({ ...within(), signupGraceMs }, { clerkId, clickId: 'late' });
      expect(user.attribution?.impact?.clickId).toBe(expected);
    },
  );
});

describe('a known user', () => {
  it('is only read, so that a page costs no write', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId, clickId: 'abc' });
    await syncUser(within(), { clerkId, clickId: 'abc' });
    expect((await db.users.findById(user._id).lean())?.updatedAt).toEqual(user.updatedAt);
  });
});

describe('a user whose document was removed, and who comes back', () => {
  async function removed(clickId?: string) {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId, clickId });
    const { _id: sale } = await sell(clerkId);
    await db.users.deleteOne({ clerkId });
    return { clerkId, user, sale };
  }

  it('has the same id as before, and another one under another key or as another person', async () => {
    const { clerkId, user } = await removed('abc');
    const again = await syncUser(within(), { clerkId });
    expect(again.user._id).toEqual(user._id);
    expect(userIdOf(clerkId)).toEqual(user._id);
    expect(createUserIdOf('another key of at least 32 characters')(clerkId)).not.toEqual(user._id);
    expect(userIdOf(newUser())).not.toEqual(user._id);
  });

  it('is not reported as a second signup, with whatever click', async () => {
    const { clerkId, user } = await removed('abc');
    const before = await conversion(`signup:${user._id}`);
    const { pending, skipped } = await syncUser(within(), { clerkId, clickId: 'other' });
    expect({ pending, skipped }).toEqual({ pending: [], skipped: undefined });
    expect(await conversion(`signup:${user._id}`)).toEqual(before);
    expect(await db.conversions.countDocuments({ userId: String(user._id), campaignEventId: 'signup' })).toBe(
      1,
    );
  });

  it('has the click of the new visit, and never the old one', async () => {
    const [without, withAnother] = [await removed('old'), await removed('old')];
    expect((await syncUser(within(), without)).user).not.toHaveProperty('attribution');
    const { user } = await syncUser(within(), { ...withAnother, clickId: 'new' });
    expect(user.attributionHistory?.map(({ clickId }) => clickId)).toEqual(['new']);
  });

  it('does not revive the signup that was skipped, neither with the first request nor within the grace', async () => {
    const [first, later] = [await removed(), await removed()];
    const longAgo = { $set: { occurredAt: new Date(Date.now() - 300_001) } };
    for (const { user } of [first, later])
      await db.conversions.updateMany({ userId: String(user._id) }, longAgo);
    await syncUser(within(), { ...first, clickId: 'new' });
    await syncUser(within(), later);
    const { pending } = await syncUser(within(), { ...later, clickId: 'new' });
    expect(pending).toEqual([]);
    for (const { user, sale } of [first, later])
      for (const id of [`signup:${user._id}`, sale])
        expect(await conversion(id)).toMatchObject({ status: 'skipped', attribution: null });
  });

  it('may send an old order again, which is no conflict', async () => {
    const { clerkId, sale } = await removed('abc');
    await syncUser(within(), { clerkId });
    const { payload, occurredAt } = (await conversion(sale)) ?? expect.fail();
    const request = { campaignEventId: 'sale_subscription', user: { clerkId }, occurredAt, payload };
    expect(await publishConversion(within(), request)).toMatchObject({
      _id: sale,
      attribution: { clickId: 'abc' },
    });
  });

  it('comes back once, although many of the first requests arrive at the same moment', async () => {
    const { clerkId, user } = await removed('abc');
    const answers = await Promise.all(Array.from({ length: 10 }, () => syncUser(within(), { clerkId })));
    expect(new Set(answers.map((answer) => String(answer.user._id)))).toEqual(new Set([String(user._id)]));
    expect(await db.users.countDocuments({ clerkId })).toBe(1);
  });
});

describe('a user who is created without a look', () => {
  it('keeps the first click if the user is there already', async () => {
    const clerkId = newUser();
    await syncUser(within(), { clerkId, clickId: 'first' });
    const { user, pending } = await syncUser(within(), { clerkId, clickId: 'second', isProbablyNew: true });
    expect(user.attribution?.impact?.clickId).toBe('first');
    expect(pending).toEqual([]);
  });

  it('gets the click within the grace if the user is there already without one', async () => {
    const clerkId = newUser();
    await syncUser(within(), { clerkId });
    const { user, pending } = await syncUser(within(), { clerkId, clickId: 'late', isProbablyNew: true });
    expect(pending.map(({ _id }) => _id)).toEqual([`signup:${user._id}`]);
  });

  it('has no second signup if the document alone was removed', async () => {
    const clerkId = newUser();
    const { user } = await syncUser(within(), { clerkId, clickId: 'first' });
    const signup = await conversion(`signup:${user._id}`);
    await db.users.deleteOne({ clerkId });
    const { pending } = await syncUser(within(), { clerkId, clickId: 'second', isProbablyNew: true });
    expect(pending).toEqual([]);
    expect(await conversion(`signup:${user._id}`)).toEqual(signup);
    expect(await db.users.countDocuments({ clerkId })).toBe(1);
  });
});
