import { ApplicationFailure } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createActivities } from '../../activities/index.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { SEND_TIMEOUT_MS } from '../../src/domain/workflow-names.js';
import { createImpactClient } from '../../src/impact/client.js';
import { insertPending } from '../support/pending-conversion.js';
import { runActivity } from '../support/run-activity.js';
import { type Stack, startStack } from '../support/stack.js';

const LOOK_UP = { afterMs: 20_000, withinMs: 60_000 };
const wake = async () => 'woken';
const TIMES = { confirmAfterMs: null, confirmWithinMs: 60_000, lookUp: LOOK_UP };

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

function report(conversionId: string, attempt = 1, lookedUpAt?: Date, timeoutMs = 5_000) {
  const impact = createImpactClient({
    baseUrl: stack.sandbox.url,
    credentials: stack.credentials,
    timeoutMs,
  });
  const { reportConversion } = createActivities({
    db: stack.db,
    programme,
    impact,
    wake,
    ...TIMES,
  });
  return runActivity(reportConversion, [conversionId, lookedUpAt?.toISOString()], attempt);
}

const SUBMITTED = { outcome: 'recorded', progress: { status: 'submitted' } };
const REVERSED = { outcome: 'recorded', progress: { status: 'reversed', next: null } };

const orderIdOf = ({ payload }: Conversion) => String(payload.orderId);

async function failureOf(running: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await running.catch((reason: unknown) => reason);
  if (!(error instanceof ApplicationFailure)) throw new Error('it should have failed', { cause: error });
  return error;
}

describe('the ledger as guard of the POST', () => {
  const KILLED = {
    state: 'sending' as const,
    orderId: 'x',
    attempts: 1,
    sentAt: new Date(Date.now() - 60_000),
    inFlightUntil: new Date(Date.now() - 30_000),
  };

  it('returns the receipt of before, and sends nothing, once Impact has acknowledged', async () => {
    const conversion = await insertPending(stack.db);
    const first = await report(conversion._id);
    expect(await report(conversion._id)).toEqual(first);
    expect(await stack.sandbox.requests(orderIdOf(conversion))).toHaveLength(1);
  });

  it('returns the receipt of before also where the credentials are gone', async () => {
    const { _id } = await insertPending(stack.db);
    const first = await report(_id);
    const { reportConversion: withoutCredentials } = createActivities({
      db: stack.db,
      programme,
      impact: null,
      wake,
      ...TIMES,
    });
    expect(await runActivity(withoutCredentials, [_id])).toEqual(first);
  });

  it('lets one attempt at a time onto the wire', async () => {
    const conversion = await insertPending(stack.db);
    await stack.sandbox.fault({ kind: 'delay', delayMs: 150, orderId: orderIdOf(conversion) });
    const results = await Promise.allSettled([report(conversion._id), report(conversion._id)]);
    expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await stack.sandbox.requests(orderIdOf(conversion))).toHaveLength(1);
  });

  it('has the attempt that came second wait for the outcome of the first', async () => {
    const conversion = await insertPending(stack.db, {
      submission: {
        state: 'sending',
        orderId: 'x',
        attempts: 1,
        sentAt: new Date(),
        inFlightUntil: new Date(Date.now() + 30_000),
      },
    });
    const failure = await failureOf(report(conversion._id));
    expect(failure).toMatchObject({ type: 'report_in_flight', nonRetryable: false });
  });

  it('uses up few attempts while a claim lapses, so that the next failure is retried within minutes', async () => {
    const inFlightUntil = new Date(Date.now() + SEND_TIMEOUT_MS);
    const submission = { ...KILLED, sentAt: new Date(), inFlightUntil };
    const { _id } = await insertPending(stack.db, { submission });
    const { nextRetryDelay } = await failureOf(report(_id));
    const attempts = SEND_TIMEOUT_MS / Number(nextRetryDelay);
    expect(2 ** attempts).toBeLessThan(120);
  });

  it('does not send again after an attempt whose worker was killed: it may have arrived', async () => {
    const conversion = await insertPending(stack.db, { submission: KILLED });
    expect(await report(conversion._id)).toMatchObject({
      outcome: 'may_have_arrived',
      reason: 'worker_timeout',
      lookUp: LOOK_UP,
    });
    expect(await stack.sandbox.requests(orderIdOf(conversion))).toEqual([]);
  });

  it('sends again after a look-up that did not find the order', async () => {
    const conversion = await insertPending(stack.db, { submission: KILLED });
    expect(await report(conversion._id, 1, new Date())).toMatchObject(SUBMITTED);
  });

  it('does not take a look-up for one that came before the attempt', async () => {
    const conversion = await insertPending(stack.db, { submission: KILLED });
    expect(await report(conversion._id, 1, new Date(Date.now() - 90_000))).toMatchObject({
      outcome: 'may_have_arrived',
    });
  });

  it('does not send again after an attempt that got no answer', async () => {
    const conversion = await insertPending(stack.db);
    await stack.sandbox.fault({ kind: 'hang', orderId: orderIdOf(conversion) });
    expect(await report(conversion._id, 1, undefined, 300)).toMatchObject({
      outcome: 'may_have_arrived',
      reason: 'impact_timeout',
    });
    expect(await report(conversion._id)).toMatchObject({ outcome: 'may_have_arrived' });
    expect(await stack.sandbox.requests(orderIdOf(conversion))).toHaveLength(1);
  });

  it('knows that nothing has arrived, when Impact refused', async () => {
    const conversion = await insertPending(stack.db);
    await stack.sandbox.fault({ kind: 'rate-limit', orderId: orderIdOf(conversion) });
    await failureOf(report(conversion._id));
    expect((await stack.conversion(conversion._id))?.submission?.state).toBeUndefined();
  });

  it('sends again what Impact accepted for its queue, and turned down later', async () => {
    const conversion = await insertPending(stack.db, { submission: { ...KILLED, state: 'rejected' } });
    expect(await report(conversion._id)).toMatchObject(SUBMITTED);
  });
});

describe("Impact's errors, as Temporal sees them", () => {
  it('are final with the messages for each field, when Impact refuses', async () => {
    const conversion = await insertPending(stack.db);
    const body = {
      Status: 'ERROR',
      Message: 'Validation Failed',
      Errors: [{ Field: 'ClickId', Message: 'Unknown' }],
    };
    await stack.sandbox.fault({ kind: 'status', status: 400, body, orderId: orderIdOf(conversion) });
    const failure = await failureOf(report(conversion._id));
    expect(failure).toMatchObject({ type: 'impact_refused', nonRetryable: true });
    expect(failure.details?.[0]).toMatchObject({
      httpStatus: 400,
      fields: [{ field: 'ClickId', message: 'Unknown' }],
    });
  });

  it('wait as long as a 429 says', async () => {
    const conversion = await insertPending(stack.db);
    const headers = { 'Retry-After': '700' };
    await stack.sandbox.fault({ kind: 'rate-limit', headers, orderId: orderIdOf(conversion) });
    expect(await failureOf(report(conversion._id))).toMatchObject({ nextRetryDelay: 700_000 });
  });

  it('never wait less than the ordinary backoff', async () => {
    const conversion = await insertPending(stack.db);
    const headers = { 'Retry-After': '1' };
    await stack.sandbox.fault({ kind: 'rate-limit', headers, orderId: orderIdOf(conversion) });
    expect(await failureOf(report(conversion._id, 20))).toMatchObject({ nextRetryDelay: 15 * 60_000 });
  });

  it('say that a conversion is missing from the ledger, which no retry fixes', async () => {
    expect(await failureOf(report('signup:nobody'))).toMatchObject({
      type: 'conversion_not_found',
      nonRetryable: true,
    });
  });

  it('say that a conversion is too old for Impact, before it is sent', async () => {
    const occurredAt = new Date(Date.now() - 89 * 86_400_000);
    const conversion = await insertPending(stack.db, { occurredAt });
    expect(await failureOf(report(conversion._id))).toMatchObject({ type: 'too_old', nonRetryable: true });
    expect(await stack.sandbox.requests(orderIdOf(conversion))).toEqual([]);
  });

  it('say that this version does not know the event, which a deployment fixes', async () => {
    const conversion = await insertPending(stack.db, { campaignEventId: 'gone' });
    expect(await failureOf(report(conversion._id))).toMatchObject({ type: 'unknown_campaign_event' });
  });
});

describe('a reversed conversion', () => {
  const reversal = {
    id: 'reversal-1',
    kind: 'reversal',
    reason: 'ITEM_RETURNED',
    status: 'reporting',
    requestedAt: new Date('2026-11-03T00:00:00Z'),
    requestedBy: 'mch_shop',
  } as const;

  it('is not sent', async () => {
    const conversion = await insertPending(stack.db, { status: 'reversed', adjustments: [reversal] });
    expect(await report(conversion._id)).toMatchObject(REVERSED);
    expect(await stack.sandbox.requests(orderIdOf(conversion))).toEqual([]);
  });

  it('is reversed in the ledger alone, where it might have arrived and then had not', async () => {
    const submission = {
      state: 'sending',
      orderId: 'x',
      attempts: 1,
      sentAt: new Date(Date.now() - 60_000),
    } as const;
    const conversion = await insertPending(stack.db, { submission, adjustments: [reversal] });
    expect(await report(conversion._id, 1, new Date())).toMatchObject(REVERSED);
    expect(await stack.conversion(conversion._id)).toMatchObject({
      status: 'reversed',
      adjustments: [{ status: 'confirmed' }],
    });
    expect(await stack.sandbox.requests(orderIdOf(conversion))).toEqual([]);
  });

  it('is looked up first, where it may have arrived', async () => {
    const submission = { state: 'sending', orderId: 'x', attempts: 1, sentAt: new Date() } as const;
    const { _id } = await insertPending(stack.db, { submission, adjustments: [reversal] });
    expect(await report(_id)).toMatchObject({ outcome: 'may_have_arrived' });
  });
});
