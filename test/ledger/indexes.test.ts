import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { profileMongodb } from '../../dev/profile-mongodb.js';
import { planAudit } from '../../src/audit/plan-audit.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { createLedgerMetrics } from '../../src/ledger/backlog-metrics.js';
import { countConversions } from '../../src/ledger/count-conversions.js';
import { countParkedByReason } from '../../src/ledger/count-parked.js';
import { eraseConversions } from '../../src/ledger/erase-conversions.js';
import { findContradictions } from '../../src/ledger/find-contradictions.js';
import { findConversion } from '../../src/ledger/find-conversion.js';
import { findDue, findUnfinished } from '../../src/ledger/find-due.js';
import { type ConversionFilter, listConversions } from '../../src/ledger/list-conversions.js';
import { encodeCursor } from '../../src/ledger/page.js';
import { findReleasable } from '../../src/ledger/release-skipped.js';
import { createSignupMetrics } from '../../src/ledger/signup-metrics.js';
import { findEndedByErasure, findErasure } from '../../src/ledger/tombstone.js';
import { findWaitingChildren } from '../../src/ledger/wait-for-parent.js';
import { findByOrderIds, walkWindow } from '../../src/ledger/walk-conversions.js';
import type { Database } from '../../src/mongo.js';
import { findUsersOfClick } from '../../src/users/find-users.js';
import { openFreshDatabase } from '../support/mongo.js';
import { pendingConversion } from '../support/pending-conversion.js';

const COUNT = 2_000;
const PAGE = 20;
const HOUR_SECONDS = 3_600;
const MANY = '65f000000000000000000001';
const CLICK = 'click-of-many';
/** What a plan may examine beyond what it returns: the end of each range, and a page more of each of two ranges that it merges. */
const SPARE = 2 * PAGE + 10;
const FOLLOWED = { confirmAfterMs: 600_000, confirmWithinMs: 3_600_000 };

const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, second));
const WINDOW = { from: at(100), to: at(140) };

/** Has one sale, which waits for the signup, as sales of others do. */
const BUYER = 'buyer';

const ERASED = 'erased';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
  await db.conversions.insertMany(Array.from({ length: COUNT }, (_, index) => conversionOf(index)));
  const waits = { status: 'reporting', reason: 'waits_for_parent' } as const;
  const erased = { status: 'skipped', reason: 'user_erased', erasedAt: at(0) } as const;
  await db.conversions.insertMany([
    pendingConversion({ userId: BUYER, ...waits }),
    pendingConversion({ _id: `signup:${ERASED}`, userId: ERASED, ...erased }),
  ]);
});
afterAll(() => db.close());

/** Of one user, as the lists of any other are shorter. */
function conversionOf(index: number): Conversion {
  const orderId = `order-${index}`;
  const parked = { status: 'parked', parkReason: 'locked' } as const;
  const requested = { requestedAt: at(index), requestedBy: 'shop' };
  const campaignEventId = index % 2 ? 'signup' : 'sale_subscription';
  return pendingConversion({
    attribution: { provider: 'impact', clickId: CLICK, capturedAt: at(0) },
    _id: `${campaignEventId}:${orderId}`,
    campaignEventId,
    userId: MANY,
    ...stateOf(index, orderId),
    ...(index % 40 === 0 && {
      adjustments: [{ id: 'c1', kind: 'reversal', reason: 'ITEM_RETURNED', ...parked, ...requested }],
    }),
    ...{ occurredAt: at(index), createdAt: at(index), updatedAt: at(index) },
  });
}

function stateOf(index: number, orderId: string): Pick<Conversion, 'status' | 'reason' | 'submission'> {
  if (index % 4 === 0) return { status: 'parked', reason: 'locked' };
  if (index % 50 === 1) return { status: 'pending' };
  if (index % 50 === 2) return { status: 'reporting' };
  if (index % 50 === 5) return { status: 'skipped', reason: 'user_not_found' };
  if (index % 50 === 6) return { status: 'reporting', reason: 'waits_for_parent' };
  const submission = { state: 'queued', orderId, attempts: 1, sentAt: at(index) } as const;
  const followUntil = new Date(Date.now() + 3_600_000);
  if (index % 50 === 3) return { status: 'submitted', submission: { ...submission, followUntil } };
  return { status: 'confirmed', submission };
}

const LISTS: ConversionFilter[] = [
  {},
  { status: 'confirmed' },
  { status: 'parked' },
  { event: 'signup' },
  { event: 'trial_started' },
  { reason: 'locked' },
  { userId: MANY },
  { status: 'parked', reason: 'locked' },
  { status: 'parked', userId: MANY },
  { status: 'parked', event: 'sale_subscription' },
  { clickId: CLICK },
  { clickId: CLICK, status: 'parked' },
  { occurred: WINDOW },
  { occurred: { from: WINDOW.from } },
  { occurred: WINDOW, event: 'signup' },
  { occurred: { to: WINDOW.to }, userId: MANY },
];

const QUERIES: [string, () => Promise<unknown>][] = [
  ...LISTS.map((filter): [string, () => Promise<unknown>] => [
    `a list of ${JSON.stringify(filter)}`,
    () => list(filter),
  ]),
  [
    'a page of a list',
    async () => list({}, encodeCursor('createdAt', { createdAt: at(COUNT / 2), _id: '~' })),
  ],
  ['one conversion', () => findConversion(db, 'signup:order-7')],
  ['the parked conversions by reason', () => countParkedByReason(db)],
  ['the metrics', () => createLedgerMetrics(db).read()],
  ['the metrics of the signups', readSignups],
  ['what the relay starts', () => drain(findDue(db, new Date()))],
  ['what should have a workflow', () => drain(findUnfinished(db, new Date(), FOLLOWED))],
  ['what contradicts the programme', () => findContradictions(db, programme)],
  [
    'the held conversions',
    () => drain(findReleasable(db, { reason: 'user_not_found', policy: 'last_click', since: at(COUNT / 2) })),
  ],
  ['the conversions of an audit', () => drain(walkWindow(db, WINDOW))],
  [
    'the plan of an audit of the past',
    () =>
      planAudit(
        { db, programme },
        { from: WINDOW.from.toISOString(), to: WINDOW.to.toISOString() },
        at(COUNT),
      ),
  ],
  [
    'the children that wait for a parent',
    () => findWaitingChildren(db, pendingConversion({ userId: BUYER }), ['sale_subscription']),
  ],
  [
    'what an erasure has to remove',
    () => db.transaction((session) => eraseConversions({ db, programme }, session, [ERASED], false)),
  ],
  ['what an erasure has left', () => findErasure(db, programme, ERASED)],
  ['the workflows that an erasure has to end', () => findEndedByErasure(db, [ERASED])],
  ['the conversions of two users', () => list({ userIds: [MANY, BUYER] })],
  ['the conversions of orders', () => findByOrderIds(db, ['order-11', 'order-13'])],
];

describe('an index answers the query for', () => {
  it.each(QUERIES)('%s', async (_name, query) => {
    const profiled = await profileMongodb(db, query);
    expect(profiled.length).toBeGreaterThan(0);
    for (const { command, plan, sortsInMemory, keysExamined, docsExamined, returned } of profiled) {
      expect({ plan, sortsInMemory }).toEqual({
        plan: expect.not.stringContaining('COLLSCAN'),
        sortsInMemory: false,
      });
      expect(docsExamined, plan).toBeLessThanOrEqual(returned + SPARE);
      // The index `unfinished` has all that its queries need.
      if (plan.includes('updatedAt')) expect(docsExamined, plan).toBe(0);
      // A group has to read the keys of what it counts.
      if (command !== 'aggregate') expect(keysExamined, plan).toBeLessThanOrEqual(returned + SPARE);
    }
  });
});

it('tells from the keys alone that no parked conversion is a signup', async () => {
  const [found] = await profileMongodb(db, () => list({ status: 'parked', event: 'signup' }));
  expect(found).toMatchObject({ returned: 0, docsExamined: 0 });
});

it('counts the signups with and without a click from the keys alone', async () => {
  const profiled = await profileMongodb(db, readSignups);
  expect(profiled.map(({ docsExamined }) => docsExamined).filter((docs) => docs > 0)).toEqual([]);
  const keys = profiled.map(({ keysExamined }) => keysExamined);
  expect(Math.max(...keys)).toBeGreaterThan(0);
});

function readSignups(): Promise<string> {
  // The signups of this ledger are those of the day before.
  vi.useFakeTimers({ toFake: ['Date'], now: at(COUNT + HOUR_SECONDS) });
  const source = createSignupMetrics(db, { signup: programme.signup, signupGraceMs: 60_000 });
  return source.read().finally(() => vi.useRealTimers());
}

it('reads of an order the conversions that it may have, and no others', async () => {
  const ids = ['signup:order-7', 'sale_subscription:order-8'];
  const [found] = await profileMongodb(db, () => list({ ids }));
  expect(found).toMatchObject({ plan: 'IXSCAN { _id: 1 }', returned: 2, docsExamined: 2 });
});

it('counts from the keys alone, and reads each of them once', async () => {
  const profiled = await profileMongodb(db, () => countConversions(db, 90, at(COUNT)));
  expect(profiled.map(({ command, docsExamined }) => ({ command, docsExamined }))).toEqual(
    Array.from({ length: 4 }, () => ({ command: 'aggregate', docsExamined: 0 })),
  );
  const withReason = await db.conversions.countDocuments({ reason: { $exists: true } });
  const keys = profiled.reduce((sum, { keysExamined }) => sum + keysExamined, 0);
  expect(keys).toBeLessThanOrEqual(COUNT + 1 + withReason + SPARE);
});

it('finds the few conversions of a status in a long span without those of other statuses', async () => {
  const occurred = { from: at(0), to: at(COUNT) };
  const [found] = await profileMongodb(db, () => list({ status: 'skipped', occurred }));
  const skipped = await db.conversions.countDocuments({ status: 'skipped' });
  expect(found).toMatchObject({ returned: expect.any(Number) });
  expect(found?.docsExamined).toBeLessThanOrEqual(skipped + SPARE);
});

describe('an index answers the search among users for', () => {
  it.each([
    ['a click of their history', 'click-7'],
    ['a click from before histories were kept', 'old-click-7'],
    ['a click that none came with', 'unknown-click'],
  ])('%s', async (_what, clickId) => {
    await db.users.deleteMany({});
    await db.users.insertMany(Array.from({ length: 200 }, (_, index) => userOf(index)));
    const profiled = await profileMongodb(db, () => findUsersOfClick(db, clickId, PAGE), 'users');
    expect(profiled).toMatchObject([{ plan: expect.not.stringContaining('COLLSCAN') }]);
    for (const { docsExamined, keysExamined, returned } of profiled) {
      // Each of the two conditions reads what it finds.
      expect(docsExamined).toBeLessThanOrEqual(2 * returned);
      expect(keysExamined).toBeLessThanOrEqual(returned + 2);
    }
  });
});

/** Every second one has no history yet. */
function userOf(index: number) {
  const [createdAt, updatedAt] = [at(index), at(index)];
  const click = { provider: 'impact', clickId: `click-${index}`, capturedAt: at(index) } as const;
  const own =
    index % 2
      ? { attributionHistory: [click], attribution: { impact: { clickId: click.clickId } } }
      : { attribution: { impact: { clickId: `old-click-${index + 1}` } } };
  return { clerkId: `user_${index}`, ...own, createdAt, updatedAt };
}

const list = (filter: ConversionFilter, cursor?: string) =>
  listConversions(db, filter, { limit: PAGE, cursor });

async function drain(items: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of items);
}
