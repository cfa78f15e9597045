import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.js';
import { findUnfinished } from '../../src/ledger/find-due.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending, pendingConversion } from '../support/pending-conversion.js';
import { inHours, queued, refund } from '../support/unfinished.js';

const HOUR_MS = 3_600_000;

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

/** Whether a worker should look whether such a conversion still has its workflow. */
async function isFound(own: Partial<Conversion>, confirmAfterMs: number | null = 600_000): Promise<boolean> {
  const { _id } = await insertPending(db, { updatedAt: inHours(-1), ...own });
  return (await found(confirmAfterMs)).includes(_id);
}

async function found(confirmAfterMs: number | null): Promise<string[]> {
  const ids: string[] = [];
  for await (const id of findUnfinished(db, new Date(), { confirmAfterMs, confirmWithinMs: HOUR_MS }))
    ids.push(id);
  return ids;
}

describe('a conversion that should have a workflow', () => {
  it.each([
    ['is being reported', { status: 'reporting' }],
    ['is parked', { status: 'parked', reason: 'impact_refused' }],
    ['was queued by Impact, and is followed', { status: 'submitted', submission: queued(inHours(1)) }],
    ['has a refund that is being sent', refund({ status: 'reporting' })],
    ['has a refund that Impact has queued, and that is followed', refund({ followUntil: inHours(1) })],
  ] as const)('%s', async (_name, own) => {
    expect(await isFound(own)).toBe(true);
  });

  it('is found among more of the same moment than are read at once', async () => {
    const many = { status: 'parked', updatedAt: inHours(-2) } as const;
    const inserted = Array.from({ length: 1_001 }, () => pendingConversion(many));
    await db.conversions.collection.insertMany(inserted as never);
    expect(await found(null)).toEqual(expect.arrayContaining(inserted.map(({ _id }) => _id)));
  });
});

describe('a conversion that needs none', () => {
  it.each([
    ['is confirmed', { status: 'confirmed' }],
    [
      'was queued by Impact, and is not followed any more',
      { status: 'submitted', submission: queued(inHours(-1)) },
    ],
    ['has a refund that is not followed any more', refund({ followUntil: inHours(-1) })],
    ['has moved in this moment', { status: 'reporting', updatedAt: inHours(1) }],
  ] as const)('%s', async (_name, own) => {
    expect(await isFound(own)).toBe(false);
  });

  it('is any that Impact has queued, where the worker does not ask for the outcome', async () => {
    expect(await isFound({ status: 'submitted', submission: queued(inHours(1)) }, null)).toBe(false);
    expect(await isFound(refund({ followUntil: inHours(1) }), null)).toBe(false);
  });
});
