import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRecordOutcome, type Outcome } from '../../activities/record-outcome.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { runActivity } from '../support/run-activity.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const record = (outcome: Outcome) => runActivity(createRecordOutcome({ db }), [outcome]);

describe('recording an outcome', () => {
  it('writes status, reason and a line of the timeline', async () => {
    const { _id } = await insertPending(db);
    await record({
      conversionId: _id,
      status: 'parked',
      reason: 'impact_refused',
      detail: 'ClickId: Unknown',
    });
    expect(await db.conversions.findById(_id).lean()).toMatchObject({
      status: 'parked',
      reason: 'impact_refused',
      timeline: [{ status: 'parked', reason: 'impact_refused', detail: 'ClickId: Unknown' }],
    });
  });

  it('twice writes one line', async () => {
    const { _id } = await insertPending(db);
    await record({ conversionId: _id, status: 'parked', reason: 'impact_refused' });
    await record({ conversionId: _id, status: 'parked', reason: 'impact_refused' });
    expect((await db.conversions.findById(_id).lean())?.timeline).toHaveLength(1);
  });

  it('drops the reason when the conversion goes on', async () => {
    const { _id } = await insertPending(db);
    await record({ conversionId: _id, status: 'parked', reason: 'impact_refused' });
    await record({ conversionId: _id, status: 'reporting' });
    expect((await db.conversions.findById(_id).lean())?.reason).toBeUndefined();
  });

  it('never overwrites what Impact has acknowledged', async () => {
    const { _id } = await insertPending(db);
    await record({ conversionId: _id, status: 'submitted', queuedUri: '/APISubmissions/A-1' });
    await record({ conversionId: _id, status: 'abandoned' });
    expect(await db.conversions.findById(_id).lean()).toMatchObject({
      status: 'submitted',
      submission: { state: 'queued', queuedUri: '/APISubmissions/A-1' },
    });
  });
});
