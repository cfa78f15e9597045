import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.js';
import { MAX_TEXT } from '../../src/domain/foreign-text.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { ImpactClient } from '../../src/impact/client.js';
import type { SubmissionState } from '../../src/impact/read-submission.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { runActivity } from '../support/run-activity.js';

const TIMES = { confirmAfterMs: null, confirmWithinMs: 0, lookUp: { afterMs: 0, withinMs: 0 } };

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

async function confirm(submission: SubmissionState, attempt = 1) {
  const { _id } = await insertPending(db, {
    status: 'submitted',
    submission: { state: 'queued', orderId: 'x', attempts: 1, sentAt: new Date(), queuedUri: '/A-1' },
  });
  const impact = { getSubmission: async () => submission } as Partial<ImpactClient> as ImpactClient;
  const { confirmSubmission } = createActivities({
    db,
    programme,
    impact,
    ...TIMES,
    wake: async () => 'woken',
  });
  return runActivity(confirmSubmission, [_id], attempt);
}

const rejected = (...errorReasons: string[]) => confirm({ state: 'complete', errorReasons });

describe('a status that this version does not know', () => {
  const unknown = (attempt: number) =>
    confirm({ state: 'unfamiliar', status: 'On Hold' }, attempt).catch((error: unknown) => error);

  it('is asked about a few times, and then parks the conversion with the word', async () => {
    const failures = await Promise.all([1, 4, 5].map(unknown));
    for (const failure of failures) {
      expect(failure).toBeInstanceOf(ApplicationFailure);
      expect(failure).toMatchObject({ type: 'unconfirmed', message: expect.stringContaining('"On Hold"') });
    }
    expect(failures).toMatchObject([
      { nonRetryable: false },
      { nonRetryable: false },
      { nonRetryable: true },
    ]);
  });
});

describe("Impact's reason", () => {
  it.each(['CONTRACT_NOT_FOUND', 'contract_not_found', 'Contract not found', 'contract-not-found'])(
    'means the same as %s',
    async (reason) => {
      expect(await rejected(reason)).toEqual({
        state: 'rejected',
        reason: 'contract_not_found',
        detail: 'Impact turned it down. CONTRACT_NOT_FOUND: the partner had no contract at the time.',
      });
    },
  );

  it.each(['CONV_DUPLICATE', 'conv_duplicate', 'Conv Duplicate'])(
    'is an acceptance as %s, beside others too',
    async (reason) => {
      expect(await rejected('NO_ITEM', reason)).toMatchObject({
        state: 'recorded',
        progress: { status: 'confirmed' },
      });
    },
  );

  it('declines the conversion however it is spelled', async () => {
    expect(await rejected('Unclaimed')).toMatchObject({
      state: 'recorded',
      progress: { status: 'declined', reason: 'unclaimed' },
    });
  });

  it.each([
    ['a sentence', 'The shop is closed.'],
    ['a code that is too long for a list', 'A'.repeat(65)],
    ['a failure without a reason', 'Status Failed'],
  ])('is quoted where it is %s', async (_what, reason) => {
    expect(await rejected(reason)).toMatchObject({
      reason: 'impact_rejected',
      detail: expect.stringContaining(reason),
    });
  });

  it('is its own code where Impact does not document it', async () => {
    expect(await rejected('NEW_REASON')).toMatchObject({ reason: 'new_reason' });
  });

  it('is cut where many are long', async () => {
    const { detail = '' } = (await rejected(...Array(20).fill('x'.repeat(255)))) as { detail?: string };
    expect(detail).toHaveLength(MAX_TEXT);
  });
});
