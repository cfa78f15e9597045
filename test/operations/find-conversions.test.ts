import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { impactClick } from '../../src/domain/attribution.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { Database } from '../../src/mongo.js';
import { findConversions } from '../../src/operations/find-conversions.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending, pendingConversion } from '../support/pending-conversion.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const at = (second: number) => new Date(Date.UTC(2026, 9, 1, 0, 0, second));

async function insertUser(clickIds: string[], hasHistory = true) {
  const clerkId = `user_${randomUUID()}`;
  const _id = userIdOf(clerkId);
  const clicks = clickIds.map((clickId, index) => impactClick(clickId, at(index)));
  const last = clicks.at(-1);
  await db.users.create({
    _id,
    clerkId,
    ...(last ? { attribution: { impact: { clickId: last.clickId, capturedAt: last.capturedAt } } } : {}),
    ...(last && hasHistory ? { attributionHistory: clicks } : {}),
    createdAt: at(0),
    updatedAt: at(0),
  });
  return { clerkId, userId: _id.toHexString() };
}

async function find(text: string, deps = { db, programme, userIdOf }) {
  const { conversions, ...found } = await findConversions(deps, text);
  return { ...found, ids: conversions.map(({ conversionId }) => conversionId) };
}

const fresh = () => randomUUID();

describe('conversions are found by', () => {
  it('a conversion id, or the workflow id that the Temporal UI shows', async () => {
    const { clerkId, userId } = await insertUser([]);
    const { _id } = await insertPending(db, { userId });
    const found = { foundBy: 'conversionId', clerkId, ids: [_id], hasMore: false };
    expect(await find(_id)).toEqual(found);
    expect(await find(`conversion/${_id.replace(':', '/')}`)).toEqual(found);
  });

  it('the order id of a sale that was not sent yet, with spaces around it', async () => {
    const orderId = fresh();
    const { _id } = await insertPending(db, { _id: `sale_subscription:${orderId}` });
    expect(await find(` ${orderId}\n`)).toMatchObject({ foundBy: 'orderId', ids: [_id] });
  });

  it('the order id of a lead', async () => {
    const { userId } = await insertUser([]);
    await insertPending(db, { _id: `signup:${userId}`, userId });
    expect(await find(`signup-${userId}`)).toMatchObject({ foundBy: 'orderId', ids: [`signup:${userId}`] });
  });

  it('the order id of an event that has left the programme, once it was sent', async () => {
    const orderId = fresh();
    const submission = { state: 'queued', orderId, attempts: 1, sentAt: at(1) } as const;
    const { _id } = await insertPending(db, { _id: `old_sale:${orderId}`, submission });
    expect(await find(orderId)).toMatchObject({ foundBy: 'orderId', ids: [_id] });
  });

  it('an order id in another form of Unicode', async () => {
    const name = fresh();
    const { _id } = await insertPending(db, { _id: `sale_subscription:caf\u00e9-${name}` });
    expect(await find(`cafe\u0301-${name}`)).toMatchObject({ foundBy: 'orderId', ids: [_id] });
  });

  it('the click that is credited', async () => {
    const clickId = fresh();
    const { clerkId, userId } = await insertUser([clickId]);
    const attribution = impactClick(clickId, at(0));
    const { _id } = await insertPending(db, { userId, attribution });
    expect(await find(clickId)).toEqual({ foundBy: 'clickId', clerkId, ids: [_id], hasMore: false });
  });

  it('a click that the user came with, although another click is credited', async () => {
    const [lost, won] = [fresh(), fresh()];
    const { clerkId, userId } = await insertUser([lost, won]);
    const older = await insertPending(db, {
      userId,
      attribution: impactClick(lost, at(0)),
      createdAt: at(1),
    });
    const newer = await insertPending(db, { userId, attribution: impactClick(won, at(1)), createdAt: at(2) });
    const none = await insertPending(db, { userId, attribution: null, createdAt: at(3) });
    expect(await find(lost)).toEqual({
      foundBy: 'clickId',
      clerkId,
      ids: [none._id, newer._id, older._id],
      hasMore: false,
    });
  });

  it('a click of a user from before histories were kept', async () => {
    const clickId = fresh();
    const { clerkId, userId } = await insertUser([clickId], false);
    const { _id } = await insertPending(db, { userId, attribution: null });
    expect(await find(clickId)).toMatchObject({ foundBy: 'clickId', clerkId, ids: [_id] });
  });

  it('a click that the user does not keep any more, where it is credited', async () => {
    const clickId = fresh();
    const { _id } = await insertPending(db, { attribution: impactClick(clickId, at(0)) });
    expect(await find(clickId)).toMatchObject({ foundBy: 'clickId', ids: [_id] });
  });

  it("the user's id at the token issuer", async () => {
    const { clerkId, userId } = await insertUser([]);
    const { _id } = await insertPending(db, { userId });
    expect(await find(clerkId)).toEqual({ foundBy: 'clerkId', clerkId, ids: [_id], hasMore: false });
  });

  it('the id at the token issuer of a user who has not come yet', async () => {
    const clerkId = `user_${fresh()}`;
    const userId = userIdOf(clerkId).toHexString();
    const held = { status: 'skipped', reason: 'user_not_found', attribution: null } as const;
    const { _id } = await insertPending(db, { userId, ...held });
    expect(await find(clerkId)).toEqual({ foundBy: 'clerkId', ids: [_id], hasMore: false });
  });

  it('a user id, in either case', async () => {
    const { clerkId, userId } = await insertUser([]);
    const { _id } = await insertPending(db, { userId });
    expect(await find(userId.toUpperCase())).toMatchObject({ foundBy: 'userId', clerkId, ids: [_id] });
  });

  it('a UTC day, with the newest event first', async () => {
    const early = await insertPending(db, { occurredAt: new Date('2025-03-04T00:00:00Z') });
    const late = await insertPending(db, { occurredAt: new Date('2025-03-04T23:59:59.999Z') });
    await insertPending(db, { occurredAt: new Date('2025-03-05T00:00:00Z') });
    expect(await find('2025-03-04')).toMatchObject({ foundBy: 'day', ids: [late._id, early._id] });
  });
});

describe('nothing is found', () => {
  it.each([
    ['a click that this service never received', 'unknown-click'],
    ['a user whom this service has not seen', 'user_nobody'],
    ['a day that does not exist', '2026-02-30'],
    ['nothing', '  '],
    ['control characters', 'a\u0000b\u001b[2J'],
    ['an operator of MongoDB', '{"$gt": ""}'],
  ])('by %s', async (_what, text) => {
    expect(await find(text)).toEqual({ foundBy: null, ids: [], hasMore: false });
  });

  it('on a day without events, which is a day all the same', async () => {
    expect(await find('2024-01-01')).toMatchObject({ foundBy: 'day', ids: [] });
  });
});

it('has the newest hundred of many, and says that there are more', async () => {
  const clickId = fresh();
  const { userId } = await insertUser([clickId]);
  const times = Array.from({ length: 101 }, (_, index) => at(index));
  const attribution = impactClick(clickId, at(0));
  const all = times.map((createdAt) => pendingConversion({ userId, createdAt, attribution }));
  await db.conversions.insertMany(all);
  const { conversions, hasMore } = await findConversions({ db, programme, userIdOf }, clickId);
  expect(hasMore).toBe(true);
  expect(conversions.map(({ createdAt }) => createdAt)).toEqual(times.toReversed().slice(0, 100));
});

it("does not know the sales of a user who has not come yet without the key of users' ids", async () => {
  const clerkId = `user_${fresh()}`;
  await insertPending(db, { userId: userIdOf(clerkId).toHexString() });
  const { foundBy } = await findConversions({ db, programme }, clerkId);
  expect(foundBy).toBeNull();
});
