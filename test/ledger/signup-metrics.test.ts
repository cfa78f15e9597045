import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { createSignupMetrics } from '../../src/ledger/signup-metrics.js';
import type { Database } from '../../src/mongo.js';
import { sampleOf } from '../support/metrics-page.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_MS = 7 * 24 * HOUR_MS;
const GRACE_MS = 10 * MINUTE_MS;

let db: Database;
let signups = 0;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterEach(async () => {
  vi.useRealTimers();
  await db.conversions.deleteMany();
});
afterAll(() => db.close());

const source = () => createSignupMetrics(db, { signup: programme.signup, signupGraceMs: GRACE_MS });

const ORGANIC = { status: 'skipped', reason: 'no_attribution', attribution: null } as const;

async function signUp(agoMs: number, fields: Partial<Conversion> = {}): Promise<void> {
  signups += 1;
  const _id = `signup:${signups}`;
  const createdAt = new Date(Date.now() - agoMs);
  await insertPending(db, { _id, campaignEventId: 'signup', payload: {}, createdAt, ...fields });
}

const count = (page: string, hours: number, period: string, click: string) =>
  sampleOf(page, 'affiliate_signups', { hours: String(hours), period, click });

const counts = (page: string, hours: number) =>
  ['now', 'before'].map((period) => ['with', 'without'].map((click) => count(page, hours, period, click)));

describe('the metrics of the signups', () => {
  it('count those with a click and those without, of the last 6 and 24 hours', async () => {
    await signUp(HOUR_MS);
    await signUp(2 * HOUR_MS, ORGANIC);
    await signUp(10 * HOUR_MS);
    await signUp(30 * HOUR_MS);
    const page = await source().read();
    expect([6, 24].map((hours) => counts(page, hours)[0])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  it('add up the same hours of the four weeks before', async () => {
    for (const weeks of [1, 2, 3, 4, 5]) {
      await signUp(weeks * WEEK_MS + HOUR_MS);
      await signUp(weeks * WEEK_MS + 10 * HOUR_MS, ORGANIC);
      await signUp(weeks * WEEK_MS + 48 * HOUR_MS);
    }
    const page = await source().read();
    expect([6, 24].map((hours) => counts(page, hours)[1])).toEqual([
      [4, 0],
      [4, 4],
    ]);
  });

  it('leave out those of which the click may still come', async () => {
    await signUp(GRACE_MS - MINUTE_MS, ORGANIC);
    await signUp(GRACE_MS + MINUTE_MS);
    expect(counts(await source().read(), 6)[0]).toEqual([1, 0]);
  });

  it('are 0 where nobody signed up', async () => {
    expect(counts(await source().read(), 24)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });

  it.each([
    ['with', 'outside_referral_window'],
    ['with', 'click_history_too_short'],
    ['with', 'provider_not_configured'],
    ['without', 'click_after_event'],
  ])('count as %s a click one that was skipped as %s', async (click, reason) => {
    await signUp(HOUR_MS, { status: 'skipped', reason });
    expect(count(await source().read(), 6, 'now', click)).toBe(1);
  });

  it('leave out those that are held until their user appears, and other events', async () => {
    await signUp(HOUR_MS, { status: 'skipped', reason: 'user_not_found' });
    await insertPending(db, { ...ORGANIC, createdAt: new Date(Date.now() - HOUR_MS) });
    expect(counts(await source().read(), 6)[0]).toEqual([0, 0]);
  });
});

describe('reading the metrics of the signups', () => {
  it('asks MongoDB once a minute, however many ask', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { read } = source();
    const [one, other] = await Promise.all([read(), read()]);
    expect(one).toBe(other);
    await signUp(HOUR_MS);
    vi.setSystemTime(Date.now() + MINUTE_MS - 1);
    expect(await read()).toBe(one);
    vi.setSystemTime(Date.now() + 1);
    expect(count(await read(), 6, 'now', 'with')).toBe(1);
  });

  it('asks again at once after a failure', async () => {
    const closed = await openFreshDatabase();
    const { read } = createSignupMetrics(closed, { signup: programme.signup, signupGraceMs: GRACE_MS });
    await closed.close();
    const first = read();
    await expect(first).rejects.toThrow();
    const second = read();
    expect(second).not.toBe(first);
    await expect(second).rejects.toThrow();
  });
});
