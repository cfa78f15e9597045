import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { profileMongodb } from '../../dev/profile-mongodb.js';
import { impactClick } from '../../src/domain/attribution.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { createMetrics } from '../../src/metrics.js';
import type { Database } from '../../src/mongo.js';
import { releaseSkipped } from '../../src/temporal/release-skipped.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending, pendingConversion } from '../support/pending-conversion.js';
import { logger } from '../support/runtime.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const DAY_MS = 86_400_000;
const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS);

/** Looks for users until the test ends, as a worker does. */
function startRelease(metrics = createMetrics()): void {
  const stopping = new AbortController();
  const options = { intervalMs: 20, heldMs: 30 * DAY_MS, signal: stopping.signal };
  const running = releaseSkipped({ db, programme, logger, metrics }, options);
  onTestFinished(() => {
    stopping.abort();
    return running;
  });
}

let made = 0;

/** A sale of yesterday that was skipped. */
async function skipped(overrides: Partial<Conversion> = {}) {
  made += 1;
  const clerkId = `user_${made}`;
  const userId = userIdOf(clerkId).toHexString();
  const state = { status: 'skipped', reason: 'user_not_found', attribution: null } as const;
  const { _id, payload } = await insertPending(db, { ...state, userId, ...overrides });
  return { _id, clerkId, payload };
}

/** The user's first request, with a click of that many days ago. */
async function appear(clerkId: string, clickDays?: number): Promise<void> {
  const at = daysAgo(clickDays ?? 0);
  const click = clickDays === undefined ? {} : { attributionHistory: [impactClick('click', at)] };
  await db.users.create({ _id: userIdOf(clerkId), clerkId, ...click, createdAt: at, updatedAt: at });
}

const stored = (id: string) => db.conversions.findById(id).orFail().lean();
const until = (id: string, state: object) => expect.poll(() => stored(id)).toMatchObject(state);

/** Resolves once everything was looked at that was recorded before. */
async function untilLookedAt(): Promise<void> {
  const { _id, clerkId } = await skipped();
  await appear(clerkId, 2);
  await until(_id, { status: 'pending' });
}

describe('a held conversion', () => {
  it('is pending once its user appears with a click that came before, and says why', async () => {
    const metrics = createMetrics();
    startRelease(metrics);
    const { _id, clerkId } = await skipped();
    await appear(clerkId, 2);
    await until(_id, { status: 'pending' });
    const conversion = await stored(_id);
    expect(conversion).toMatchObject({
      attribution: { provider: 'impact', clickId: 'click' },
      timeline: [{ status: 'pending', detail: 'The user appeared.' }],
    });
    expect(conversion).not.toHaveProperty('reason');
    const counted = { event: 'sale_subscription', outcome: 'pending' };
    expect((await metrics.conversions.get()).values).toMatchObject([{ labels: counted, value: 1 }]);
  });

  it('with a promo code is pending, whether its user came by a click or not', async () => {
    startRelease();
    const payload = { orderId: 'with-code', totalAmountCents: 4900, currency: 'USD', promoCode: 'SAVE10' };
    const { _id, clerkId } = await skipped({ payload });
    await appear(clerkId);
    await until(_id, { status: 'pending', attribution: null, payload });
  });

  it.each([
    ['no_attribution', undefined],
    ['click_after_event', 0],
  ])('is skipped as %s, where there is no partner to credit', async (reason, clickDays) => {
    startRelease();
    const { _id, clerkId } = await skipped();
    await appear(clerkId, clickDays);
    await until(_id, { status: 'skipped', reason, attribution: null });
    expect((await stored(_id)).timeline).toMatchObject([{ reason, detail: 'The user appeared.' }]);
  });

  it('stays as it is while its user is unknown', async () => {
    startRelease();
    const { _id } = await skipped();
    const before = await stored(_id);
    await untilLookedAt();
    expect(await stored(_id)).toEqual(before);
  });

  it('stays as it is where its user appears too late', async () => {
    startRelease();
    const { _id, clerkId } = await skipped({ createdAt: daysAgo(30) });
    const before = await stored(_id);
    await appear(clerkId, 40);
    await untilLookedAt();
    expect(await stored(_id)).toEqual(before);
  });

  it('is released once, however many workers look for it', async () => {
    const sales = await Promise.all(Array.from({ length: 20 }, () => skipped()));
    for (const { clerkId } of sales) await appear(clerkId, 2);
    for (let workers = 0; workers < 4; workers += 1) startRelease();
    for (const { _id } of sales) await until(_id, { status: 'pending' });
    await untilLookedAt();
    for (const { _id } of sales) expect((await stored(_id)).timeline).toHaveLength(1);
  });
});

describe('a conversion that was skipped because its click came later', () => {
  const reason = 'click_after_event';

  it('is pending after the start of a worker that takes the click for its own', async () => {
    const { _id, clerkId } = await skipped({ reason });
    await appear(clerkId, 2);
    startRelease();
    await until(_id, { status: 'pending', attribution: { clickId: 'click' } });
    expect((await stored(_id)).timeline).toMatchObject([
      { detail: 'Decided again at the start of a worker: a click counts for it.' },
    ]);
  });

  it('is not written where the answer is the same', async () => {
    const { _id, clerkId } = await skipped({ reason });
    await appear(clerkId, 0);
    const before = await stored(_id);
    startRelease();
    await untilLookedAt();
    // The first round looks at it last, and the second begins after that.
    await untilLookedAt();
    expect(await stored(_id)).toEqual(before);
  });

  it('is decided again at the start alone', async () => {
    startRelease();
    await untilLookedAt();
    await untilLookedAt();
    const { _id, clerkId } = await skipped({ reason });
    const before = await stored(_id);
    await appear(clerkId, 2);
    await untilLookedAt();
    await untilLookedAt();
    expect(await stored(_id)).toEqual(before);
  });
});

it('a round asks for the users of a thousand conversions at a time, and reads nothing of unknown ones', async () => {
  const own = await openFreshDatabase();
  onTestFinished(() => own.close());
  const held = Array.from({ length: 2_500 }, (_, index) => {
    const userId = userIdOf(`user_${index}`).toHexString();
    return pendingConversion({ userId, status: 'skipped', reason: 'user_not_found', attribution: null });
  });
  await own.conversions.insertMany(held);
  const stopping = new AbortController();
  const options = { intervalMs: 3_600_000, heldMs: DAY_MS, signal: stopping.signal };
  const round = async () => {
    const running = releaseSkipped({ db: own, programme, logger }, options);
    // The round ends all the same.
    stopping.abort();
    await running;
  };
  const queries = await profileMongodb(own, round, 'users');
  expect(queries.map(({ docsExamined }) => docsExamined)).toEqual([0, 0, 0]);
});
