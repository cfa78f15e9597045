import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOrders } from '../../src/audit/read-orders.js';
import { stageActions } from '../../src/audit/stage-actions.js';
import { CONVERSION_STATUSES } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { ListedAction } from '../../src/impact/list-actions.js';
import { inBatches } from '../../src/ledger/in-batches.js';
import type { Database } from '../../src/mongo.js';
import { impactListing } from '../support/impact-listing.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

const SALES = 99_999;
const SIGNUPS = 68_897;
const DAY = { from: new Date('2026-11-02T00:00:00Z'), to: new Date('2026-11-03T00:00:00Z') };
const LISTING = { campaignId: 48_046, from: DAY.from.toISOString(), to: DAY.to.toISOString() };

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
  for (const [index, status] of CONVERSION_STATUSES.entries()) {
    const payload = { orderId: status, totalAmountCents: 4_900, currency: 'USD' };
    const occurredAt = new Date(DAY.to.getTime() - 1 - index);
    await insertPending(db, { _id: `sale_subscription:${status}`, status, payload, occurredAt });
  }
  await insertPending(db, { _id: 'gone:1', campaignEventId: 'gone' });
  await insertPending(db, { _id: 'sale_subscription:later', occurredAt: DAY.to });
});
afterAll(() => db.close());

const action = (actionId: string, orderId: string, actionTrackerId = SALES): ListedAction => ({
  actionId,
  orderId,
  actionTrackerId,
  state: 'PENDING',
});

const stage = (auditId: string, ...actions: ListedAction[]) =>
  stageActions(
    { db, programme, impact: impactListing(...actions), onBatch: () => undefined },
    auditId,
    LISTING,
  );

async function read(auditId: string) {
  const orders = (await collect(readOrders({ db, programme }, auditId, DAY))).flat();
  return orders.map(({ actionTrackerId, orderId, ledger, actions }) => {
    const ids = actions.map(({ actionId }) => actionId).join(' ');
    return `${actionTrackerId} ${orderId}: ${ledger?.status ?? 'unknown'}, ${ids || 'none'}`;
  });
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('the orders of an audit', () => {
  it('are every conversion of the window, oldest first, without events that are not configured', async () => {
    const expected = CONVERSION_STATUSES.map((status) => `${SALES} ${status}: ${status}, none`);
    expect(await read('nothing-staged')).toEqual(expected.toReversed());
  });

  it('bring together what belongs to one order', async () => {
    await stage('together', action('1', 'parked'), action('2', 'confirmed'), action('3', 'parked'));
    const orders = await read('together');
    expect(orders).toContain(`${SALES} parked: parked, 1 3`);
    expect(orders).toContain(`${SALES} confirmed: confirmed, 2`);
    expect(orders).toHaveLength(CONVERSION_STATUSES.length);
  });

  it('are two where two event types share an order id', async () => {
    await stage('shared', action('1', 'parked'), action('2', 'parked', SIGNUPS));
    const orders = await read('shared');
    expect(orders).toContain(`${SALES} parked: parked, 1`);
    expect(orders.at(-1)).toBe(`${SIGNUPS} parked: unknown, 2`);
  });

  it('are the same for an attempt that comes after one that was cut off', async () => {
    await stage('again', action('1', 'parked'), action('2', 'unknown'));
    for await (const _ of readOrders({ db, programme }, 'again', DAY)) break;
    const orders = await read('again');
    expect(orders).toHaveLength(CONVERSION_STATUSES.length + 1);
    expect(orders.at(-1)).toBe(`${SALES} unknown: unknown, 2`);
    expect(await read('again')).toEqual(orders);
  });
});

describe('batches', () => {
  async function* upTo(count: number) {
    for (let index = 0; index < count; index += 1) yield index;
  }

  it.each([
    [0, []],
    [
      4,
      [
        [0, 1],
        [2, 3],
      ],
    ],
    [5, [[0, 1], [2, 3], [4]]],
  ])('hold %i items, the rest in the last one', async (count, batches) => {
    expect(await collect(inBatches(upTo(count), 2))).toEqual(batches);
  });
});
