import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { profileMongodb } from '../../dev/profile-mongodb.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { beginRun } from '../../src/ledger/begin-run.js';
import { requestAdjustment } from '../../src/ledger/request-adjustment.js';
import { countEnded, restartEnded } from '../../src/ledger/restart-ended.js';
import { type Database, openDatabase } from '../../src/mongo.js';
import { freshMongoUri, openFreshDatabase } from '../support/mongo.js';
import { insertPending, pendingConversion } from '../support/pending-conversion.js';
import { inHours, queued } from '../support/unfinished.js';
import { until } from '../support/until.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const SKIPPED = { status: 'skipped', reason: 'provider_not_configured' } as const;
const stored = (id: string) => db.conversions.findById(id).orFail().lean();

/** By the driver: mongoose would make a model of each. More than one batch of a restart. */
function insertFast({ conversions }: Database, many: Conversion[]) {
  return conversions.collection.insertMany(many as never);
}

async function restarted(own: Partial<Conversion>): Promise<string> {
  const { _id } = await insertPending(db, { status: 'abandoned', ...own });
  await restartEnded({ db }, { status: 'abandoned' }, 'Restarted by kim.');
  expect(await stored(_id)).toMatchObject({ status: 'pending', reason: 'restarted' });
  return _id;
}

describe('conversions that were decided against', () => {
  it('are counted by reason, and those of another event are not', async () => {
    await insertPending(db, { status: 'declined', reason: 'unclaimed' });
    await insertPending(db, { status: 'declined', reason: 'unclaimed' });
    await insertPending(db, { status: 'declined', reason: 'call_incomplete' });
    await insertPending(db, { _id: 'signup:1', status: 'declined', reason: 'unclaimed' });
    expect(await countEnded(db, { status: 'declined', event: 'sale_subscription' })).toEqual([
      { status: 'declined', reason: 'unclaimed', count: 2 },
      { status: 'declined', reason: 'call_incomplete', count: 1 },
    ]);
  });

  it('have no reason where an operator decided', async () => {
    const own = { _id: 'trial:1', status: 'abandoned' } as const;
    await insertPending(db, own);
    expect(await countEnded(db, { status: 'abandoned', event: 'trial' })).toEqual([
      { status: 'abandoned', count: 1 },
    ]);
  });
});

describe('a restart of many', () => {
  it('makes each of them pending once, however many operators ask at once', async () => {
    const sales = Array.from({ length: 1_200 }, () => pendingConversion(SKIPPED));
    await insertFast(db, sales);
    const counts = await Promise.all([1, 2, 3].map(() => restartEnded({ db }, SKIPPED, 'Retried by kim.')));
    expect(counts.reduce((sum, count) => sum + count)).toBe(sales.length);
    const found = await db.conversions.find({ _id: { $in: sales.map(({ _id }) => _id) } }).lean();
    const line = { at: expect.any(Date), status: 'pending', reason: 'restarted', detail: 'Retried by kim.' };
    for (const { status, timeline } of found)
      expect({ status, timeline }).toEqual({ status: 'pending', timeline: [line] });
  });

  it('that is cut off leaves the others as they are, and the next one moves each of them once', async () => {
    const uri = freshMongoUri();
    const [own, killed] = [await openDatabase(uri), await openDatabase(uri)];
    await insertFast(
      own,
      Array.from({ length: 3_000 }, () => pendingConversion(SKIPPED)),
    );
    const moved = () => own.conversions.countDocuments({ status: 'pending' });
    const cutOff = restartEnded({ db: killed }, SKIPPED, 'Retried by kim.').catch(() => undefined);
    await until(async () => (await moved()) > 0, 10_000, 1);
    await killed.close();
    await cutOff;
    await restartEnded({ db: own }, SKIPPED, 'Retried by kim.');
    expect(await own.conversions.countDocuments({ status: 'pending', timeline: { $size: 1 } })).toBe(3_000);
    await own.close();
  });

  it('reads no more than it moves, in each of its commands', async () => {
    const own = await openFreshDatabase();
    const others = { status: 'skipped', reason: 'no_attribution' } as const;
    await own.conversions.insertMany(Array.from({ length: 200 }, () => pendingConversion(others)));
    await own.conversions.insertMany(Array.from({ length: 100 }, () => pendingConversion(SKIPPED)));
    const profiled = await profileMongodb(own, async () => {
      await countEnded(own, SKIPPED);
      await restartEnded({ db: own }, SKIPPED, 'Retried by kim.');
    });
    expect(profiled.length).toBeGreaterThan(2);
    for (const { plan, docsExamined } of profiled) {
      expect(plan).not.toContain('COLLSCAN');
      expect(docsExamined, plan).toBeLessThanOrEqual(100);
    }
    await own.close();
  });

  it('leaves other reasons and other statuses alone', async () => {
    const { _id: other } = await insertPending(db, { status: 'skipped', reason: 'no_attribution' });
    const { _id: parked } = await insertPending(db, { ...SKIPPED, status: 'parked' });
    await restartEnded({ db }, SKIPPED, 'Retried by kim.');
    expect(await stored(other)).toMatchObject({ status: 'skipped' });
    expect(await stored(parked)).toMatchObject({ status: 'parked' });
  });
});

describe('a restarted conversion', () => {
  it('is reported, and its reason goes, when its workflow begins', async () => {
    const id = await restarted({});
    expect(await beginRun({ db }, id, false)).toMatchObject({ status: 'reporting' });
    expect(await stored(id)).not.toHaveProperty('reason');
  });

  it('that Impact has queued is only asked about', async () => {
    const submission = { ...queued(inHours(-1)), queuedUri: '/APISubmissions/A-1' };
    const id = await restarted({ submission });
    const begun = await beginRun({ db }, id, false);
    expect(begun).toMatchObject({ status: 'submitted', submission: { state: 'queued' } });
    expect(begun.submission?.followUntil?.getTime()).toBeGreaterThan(Date.now());
  });

  it('that is refunded before its workflow begins is reversed, and never begins', async () => {
    const id = await restarted({});
    await requestAdjustment({ db, programme }, id, { kind: 'reversal', reason: 'ITEM_RETURNED', by: 'shop' });
    expect(await beginRun({ db }, id, false)).toMatchObject({ status: 'reversed' });
  });
});
