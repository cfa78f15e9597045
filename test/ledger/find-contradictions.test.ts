import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.js';
import { parseProgramme } from '../../src/domain/programme/programme.js';
import { findContradictions } from '../../src/ledger/find-contradictions.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { inHours, queued, refund } from '../support/unfinished.js';

const USER = '65f000000000000000000001';

/** It has no event `sale_subscription`, of which `insertPending` makes conversions. */
const withoutSales = parseProgramme({
  campaignId: 1,
  events: { signup: { type: 'lead', actionTrackerId: 2 }, renewal: { type: 'sale', actionTrackerId: 3 } },
});

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
beforeEach(() => db.conversions.deleteMany());
afterAll(() => db.close());

describe('a conversion contradicts a programme without its event while it', () => {
  it.each([
    ['is pending', { status: 'pending' }],
    ['is being reported', { status: 'reporting' }],
    ['is parked', { status: 'parked', reason: 'impact_refused' }],
    ['was queued by Impact, and is followed', { status: 'submitted', submission: queued(inHours(1)) }],
    ['has a refund that was not sent yet', refund({ status: 'pending' })],
    ['has a refund that is being sent', refund({ status: 'reporting' })],
    ['has a refund that is parked', refund({ status: 'parked' })],
    ['has a refund that Impact has queued, and that is followed', refund({ followUntil: inHours(1) })],
  ] as const)('%s', async (_name, own) => {
    const { _id } = await insertPending(db, own);
    expect(await findContradictions(db, withoutSales)).toEqual([
      { eventId: 'sale_subscription', type: undefined, count: 1, example: _id },
    ]);
  });
});

describe('a conversion contradicts no programme once it', () => {
  it.each([
    ['is confirmed', { status: 'confirmed' }],
    ['is skipped', { status: 'skipped' }],
    ['is declined', { status: 'declined' }],
    ['is abandoned', { status: 'abandoned' }],
    ['is reversed', { status: 'reversed' }],
    ['is followed no longer', { status: 'submitted', submission: queued(inHours(-1)) }],
    ['has a refund that Impact has carried out', refund({ status: 'confirmed' })],
    ['has a refund that is followed no longer', refund({ followUntil: inHours(-1) })],
  ] as const)('%s', async (_name, own) => {
    await insertPending(db, own);
    expect(await findContradictions(db, withoutSales)).toEqual([]);
  });
});

it('counts a conversion once that is unfinished for two reasons', async () => {
  await insertPending(db, { ...refund({ status: 'pending' }), status: 'parked' });
  expect(await findContradictions(db, withoutSales)).toMatchObject([{ count: 1 }]);
});

describe('an event whose type has changed', () => {
  const sale = (orderId: string): Partial<Conversion> => ({
    _id: `renewal:${orderId}`,
    campaignEventId: 'renewal',
    payload: { orderId, totalAmountCents: 4900, currency: 'USD' },
  });
  const lead: Partial<Conversion> = {
    _id: `signup:${USER}`,
    campaignEventId: 'signup',
    userId: USER,
    payload: {},
  };
  const changed = parseProgramme({
    campaignId: 1,
    events: { renewal: { type: 'lead', actionTrackerId: 3 }, signup: { type: 'sale', actionTrackerId: 2 } },
  });

  it('contradicts its unfinished conversions, whether it was a sale or a lead', async () => {
    const likeUserId = '65f000000000000000000002';
    for (const own of [sale(likeUserId), sale('A-1'), lead]) await insertPending(db, own);
    expect(await findContradictions(db, changed)).toEqual([
      { eventId: 'renewal', type: 'lead', count: 2, example: `renewal:${likeUserId}` },
      { eventId: 'signup', type: 'sale', count: 1, example: `signup:${USER}` },
    ]);
  });

  it('contradicts none while it has its own type', async () => {
    for (const own of [sale('A-1'), lead]) await insertPending(db, own);
    expect(await findContradictions(db, withoutSales)).toEqual([]);
  });
});
