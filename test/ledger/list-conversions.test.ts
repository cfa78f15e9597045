import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Adjustment } from '../../src/domain/adjustment.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { type ConversionFilter, listConversions } from '../../src/ledger/list-conversions.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const CHANGE: Adjustment = {
  id: 'c1',
  kind: 'reversal',
  reason: 'ITEM_RETURNED',
  status: 'parked',
  parkReason: 'locked',
  requestedAt: new Date(),
  requestedBy: 'shop',
};

let users = 0;

/** Conversions of a user of their own, so that each test sees its own alone. */
async function insert(...all: Partial<Conversion>[]) {
  const userId = `user-${users++}`;
  const ids: string[] = [];
  for (const one of all) ids.push((await insertPending(db, { userId, ...one }))._id);
  return { userId, ids };
}

async function idsOf(filter: ConversionFilter): Promise<string[]> {
  const { conversions } = await listConversions(db, filter, { limit: 100 });
  return conversions.map(({ conversionId }) => conversionId);
}

const at = (second: number) => new Date(Date.UTC(2026, 10, 1, 0, 0, second));

async function pagesOf(filter: ConversionFilter, limit: number, between = async () => undefined as unknown) {
  const pages: string[][] = [];
  let cursor: string | undefined;
  do {
    const page = await listConversions(db, filter, { limit, cursor });
    pages.push(page.conversions.map(({ conversionId }) => conversionId));
    cursor = page.nextCursor;
    await between();
  } while (cursor !== undefined);
  return pages;
}

describe('a list of conversions', () => {
  it('has the newest first', async () => {
    const { userId, ids } = await insert({ createdAt: at(1) }, { createdAt: at(3) }, { createdAt: at(2) });
    expect(await idsOf({ userId })).toEqual([ids[1], ids[2], ids[0]]);
  });

  it('goes through all of them once, also those of one moment', async () => {
    const { userId, ids } = await insert(...Array.from({ length: 7 }, () => ({ createdAt: at(1) })));
    const pages = await pagesOf({ userId }, 3);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 1]);
    expect(new Set(pages.flat())).toEqual(new Set(ids));
  });

  it('has no page after a last one that is full', async () => {
    const { userId } = await insert({}, {});
    expect(await pagesOf({ userId }, 2)).toHaveLength(1);
  });

  it('neither repeats nor leaves out any while new ones come in', async () => {
    const { userId, ids } = await insert(...[1, 2, 3, 4].map((second) => ({ createdAt: at(second) })));
    const newer = () => insertPending(db, { userId, createdAt: at(30) });
    expect((await pagesOf({ userId }, 1, newer)).flat()).toEqual(ids.toReversed());
  });

  it('can be of one status, event, reason or user', async () => {
    const { userId, ids } = await insert(
      { status: 'skipped', reason: 'no_attribution' },
      { status: 'skipped', reason: 'outside_referral_window' },
      { _id: 'signup:1', status: 'confirmed', campaignEventId: 'signup' },
    );
    expect(await idsOf({ userId, status: 'confirmed' })).toEqual([ids[2]]);
    expect(await idsOf({ userId, event: 'signup' })).toEqual([ids[2]]);
    expect(await idsOf({ userId, reason: 'no_attribution' })).toEqual([ids[0]]);
    expect(await idsOf({ userId, status: 'parked' })).toEqual([]);
  });

  it('can be of the click that is credited', async () => {
    const click = (clickId: string) => ({ provider: 'impact', clickId, capturedAt: at(1) }) as const;
    const { userId, ids } = await insert({ attribution: click('Abc') }, { attribution: click('abc') });
    await insert({ attribution: null });
    expect(await idsOf({ userId, clickId: 'Abc' })).toEqual([ids[0]]);
    expect((await listConversions(db, { userId }, { limit: 2 })).conversions[1]?.clickId).toBe('Abc');
  });

  it('can be of a span of events, with the newest event first', async () => {
    const { userId, ids } = await insert(
      { occurredAt: at(3), createdAt: at(11) },
      { occurredAt: at(1), createdAt: at(12) },
      { occurredAt: at(2), createdAt: at(13) },
      { occurredAt: at(4), createdAt: at(14) },
    );
    expect(await idsOf({ userId, occurred: { from: at(1), to: at(4) } })).toEqual([ids[0], ids[2], ids[1]]);
    expect(await idsOf({ userId, occurred: { from: at(4) } })).toEqual([ids[3]]);
    expect(await idsOf({ userId, occurred: { to: at(2) } })).toEqual([ids[1]]);
  });

  it('goes through all events of a span once, also those of one moment, or of long ago', async () => {
    const occurredAt = new Date(-1_000);
    const { userId, ids } = await insert(...Array.from({ length: 5 }, () => ({ occurredAt })));
    const pages = await pagesOf({ userId, occurred: { to: at(1) } }, 2);
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
    expect(new Set(pages.flat())).toEqual(new Set(ids));
  });

  it('does not continue a list in another order', async () => {
    const { userId } = await insert({}, {});
    const { nextCursor: cursor } = await listConversions(db, { userId }, { limit: 1 });
    const occurred = { userId, occurred: { from: at(1) } };
    await expect(listConversions(db, occurred, { limit: 1, cursor })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });

  it('finds among parked ones a conversion that keeps its status while its adjustment is parked', async () => {
    const { userId, ids } = await insert(
      { createdAt: at(1), status: 'parked', reason: 'locked' },
      { createdAt: at(2), status: 'confirmed', adjustments: [CHANGE] },
      { createdAt: at(3), status: 'confirmed', adjustments: [{ ...CHANGE, status: 'confirmed' }] },
    );
    const parked = [ids[1], ids[0]];
    expect(await idsOf({ userId, status: 'parked' })).toEqual(parked);
    expect(await idsOf({ userId, reason: 'locked' })).toEqual(parked);
    expect(await idsOf({ userId, status: 'confirmed', reason: 'locked' })).toEqual([ids[1]]);
    expect(await idsOf({ userId, status: 'parked', reason: 'other' })).toEqual([]);
  });

  it('names the adjustment that is parked', async () => {
    const { userId } = await insert({ status: 'confirmed', adjustments: [CHANGE] });
    const { conversions } = await listConversions(db, { userId }, { limit: 1 });
    expect(conversions).toMatchObject([
      { status: 'confirmed', parkedAdjustment: { id: 'c1', kind: 'reversal', parkReason: 'locked' } },
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no base64url of ours', 'xyz'],
    ['JSON of another shape', Buffer.from('{"a":1}').toString('base64url')],
    ['a time that is none', Buffer.from('createdAt 1e99 a').toString('base64url')],
    ['an operator of MongoDB', Buffer.from('createdAt {"$gt":""} a').toString('base64url')],
  ])('refuses a cursor that is %s', async (_what, cursor) => {
    await expect(listConversions(db, {}, { limit: 1, cursor })).rejects.toMatchObject({
      code: 'invalid_request',
    });
  });
});
