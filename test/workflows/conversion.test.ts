import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';
import { MAX_TEXT } from '../../src/domain/foreign-text.js';
import { type AskingTimes, CONFIRM_WITHIN_MS, LOOK_UP } from '../../src/domain/impact-times.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { RetryableImpactError } from '../../src/impact/errors.js';
import { parkUnattended } from '../../src/ledger/park-unattended.js';
import { clientOf, serverThat } from '../impact/support.js';
import {
  currentDetailsOf,
  type Plan,
  type Sale,
  searchAttributesOf,
  untilBetweenAttempts,
  untilParked,
  useConversionWorkflows,
} from '../support/conversion-workflows.js';
import { isUnavailable, neverAnswers, processing, refuse, rejects } from '../support/impact-answers.js';

const workflows = useConversionWorkflows();

const QUEUED = { queuedUri: '/APISubmissions/A-1' };
const ACTION = { actionId: '1000.4636.158133', actionTrackerId: 99999, orderId: 'any', state: 'PENDING' };
const AFTER_TEN_MINUTES = { confirmAfterMs: 600_000 };
const refused: Plan = { impact: { submitConversion: refuse } };

/** Impact refuses it once. */
const refusedOnce = (): Plan => ({
  impact: { submitConversion: vi.fn(async () => QUEUED).mockImplementationOnce(refuse) },
});

/** The server's clock runs on while a worker works. */
function expectAbout(expectedMs: number, ms: number): void {
  expect(ms).toBeGreaterThanOrEqual(expectedMs);
  expect(ms).toBeLessThan(expectedMs + 10_000);
}

async function startParked(plan: Plan): Promise<Sale> {
  const sale = await workflows.start(plan);
  await untilParked(sale.handle);
  return sale;
}

describe('a conversion that can be reported', () => {
  it('ends as submitted, with the receipt that Impact gave', async () => {
    const { handle, conversion } = await workflows.start();
    const detail = 'Impact queued it as /APISubmissions/A-1.';
    expect(await handle.result()).toMatchObject({ status: 'submitted', detail });
    expect((await conversion()).submission).toMatchObject({ state: 'queued', ...QUEUED });
  });

  it('writes the receipt itself where the activity could not reach the ledger', async () => {
    const { handle, conversion } = await workflows.start({
      activities: () => ({ reportConversion: async () => ({ outcome: 'not_recorded', ...QUEUED }) }),
      conversion: { submission: { state: 'sending', orderId: 'x', attempts: 1, sentAt: new Date() } },
    });
    expect(await handle.result()).toMatchObject({ status: 'submitted' });
    expect((await conversion()).submission).toMatchObject({ state: 'queued', ...QUEUED });
  });

  it('tries five failures later again, within the ordinary backoff', async () => {
    const submitConversion = vi.fn(async () => QUEUED);
    for (let times = 0; times < 5; times += 1) submitConversion.mockImplementationOnce(isUnavailable);
    const { handle } = await workflows.start({ impact: { submitConversion } });
    expect(await handle.result()).toMatchObject({ status: 'submitted', timesParked: 0 });
    expect(submitConversion).toHaveBeenCalledTimes(6);
  });
});

describe('a conversion that is not to be reported', () => {
  it('is skipped without an attribution', async () => {
    const { handle } = await workflows.start({ conversion: { attribution: null } });
    expect(await handle.result()).toMatchObject({ status: 'skipped', reason: 'no_attribution' });
  });

  it('is skipped outside the referral window, with the arithmetic', async () => {
    const capturedAt = new Date(Date.now() - 30 * 86_400_000 - 1_000);
    const { handle } = await workflows.start({
      conversion: { attribution: { provider: 'impact', clickId: 'click', capturedAt } },
    });
    expect(await handle.result()).toMatchObject({
      status: 'skipped',
      reason: 'outside_referral_window',
      detail: expect.stringContaining('1 s'),
    });
  });

  it('is skipped where Impact is not configured', async () => {
    const { handle } = await workflows.start({ impact: null });
    expect(await handle.result()).toMatchObject({ status: 'skipped', reason: 'provider_not_configured' });
  });
});

describe('a conversion that Impact refuses', () => {
  it('is parked with the reason, where operators look for it', async () => {
    const { handle } = await startParked(refused);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'impact_refused' });
  });

  it('says on its page what Impact answered and which signals to send', async () => {
    const { handle } = await startParked(refused);
    const details = await currentDetailsOf(handle);
    expect(details).toContain('`ClickId`: Unknown');
    expect(details).toContain(`temporal workflow signal --workflow-id '${handle.workflowId}' --name retry`);
  });

  it('is reported after a retry signal', async () => {
    const { handle, conversion } = await startParked(refusedOnce());
    await handle.signal(SIGNALS.retry, { by: 'kim' });
    expect(await handle.result()).toMatchObject({ status: 'submitted', timesParked: 1 });
    expect((await conversion()).timeline).toContainEqual(
      expect.objectContaining({ status: 'reporting', detail: 'Retried by kim.' }),
    );
  });

  it('is no longer listed as parked once it has gone through', async () => {
    const { handle } = await startParked(refusedOnce());
    await handle.signal(SIGNALS.retry);
    await handle.result();
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Reporting', parkReason: undefined });
  });

  it('is parked again where the retry is refused as well', async () => {
    const { handle } = await startParked(refused);
    await handle.signal(SIGNALS.retry);
    await untilParked(handle, 2);
  });

  it('is tried again at once where the retry was signalled before it was parked, but after the attempt began', async () => {
    // As where a worker dies that has just written into the ledger that it is parked.
    let attempts = 0;
    const sale: Sale = await workflows.start({
      impact: {
        async submitConversion() {
          attempts += 1;
          if (attempts > 1) return QUEUED;
          await sale.handle.signal(SIGNALS.retry, { by: 'kim' });
          return refuse();
        },
      },
    });
    expect(await sale.handle.result()).toMatchObject({ status: 'submitted', timesParked: 1 });
  });

  it('stays parked for a year', async () => {
    const { handle } = await startParked(refused);
    await workflows.sleep('365 days');
    await untilParked(handle);
  });

  it('is abandoned on an abandon signal, with who did it and why', async () => {
    const { handle, lastEntry } = await startParked(refused);
    await handle.signal(SIGNALS.abandon, { by: 'kim', reason: 'test order' });
    await handle.result();
    expect(await lastEntry()).toMatchObject({ status: 'abandoned', detail: 'Abandoned by kim: test order.' });
  });

  it('keeps the first 500 characters of a reason that an operator sends from the UI, and marks the cut', async () => {
    const { handle, lastEntry } = await startParked(refused);
    await handle.signal(SIGNALS.abandon, { by: 'k'.repeat(5_000), reason: 'x'.repeat(50_000) });
    await handle.result();
    expect(await lastEntry()).toMatchObject({
      detail: `Abandoned by ${'k'.repeat(199)}…: ${'x'.repeat(499)}….`,
    });
  });

  it('takes a retry signal with nonsense for an argument as a retry', async () => {
    const { handle } = await startParked(refused);
    await handle.signal(SIGNALS.retry, 'nonsense' as never);
    await untilParked(handle, 2);
  });

  it('is recorded as abandoned where its workflow is cancelled', async () => {
    const { handle, conversion } = await startParked(refused);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    expect(await conversion()).toMatchObject({ status: 'abandoned', reason: 'cancelled' });
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });
});

describe('a refusal that Impact words at any length', () => {
  it.each([
    ['500,000 characters', JSON.stringify(refusalWith('x'.repeat(500_000)))],
    ['half an emoji', JSON.stringify(refusalWith('no \ud83d'))],
    ['more than the client reads', JSON.stringify(refusalWith('x'.repeat(5_000_000)))],
  ])('(%s) is sent once, parked as a refusal, and kept short everywhere', async (_what, body) => {
    let requests = 0;
    const url = await serverThat((_request, response) => {
      requests += 1;
      response.writeHead(400).end(body);
    });
    const { handle, conversion } = await startParked({ impact: clientOf(url) });
    expect(requests).toBe(1);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'impact_refused' });
    expect(JSON.stringify(await conversion()).length).toBeLessThan(10_000);
    expect((await currentDetailsOf(handle)).length).toBeLessThan(8_000);
    expect(JSON.stringify(await handle.fetchHistory()).length).toBeLessThan(100_000);
  });
});

describe('an unforeseen error of any length', () => {
  it('parks with the beginning of its message', async () => {
    const { conversion } = await startParked({
      activities: () => ({
        async reportConversion() {
          throw ApplicationFailure.nonRetryable('x'.repeat(50_000), 'MongoServerError');
        },
      }),
    });
    expect((await conversion()).timeline.at(-1)).toMatchObject({
      reason: 'unexpected_error',
      detail: `${'x'.repeat(MAX_TEXT - 1)}…`,
    });
  });
});

function refusalWith(text: string) {
  return { Status: 'ERROR', Message: text, Errors: [{ Field: 'ClickId', Message: text }] };
}

describe('a conversion that Impact never takes', () => {
  it('is parked after 48 hours of retries, at most 15 minutes apart', async () => {
    const times: number[] = [];
    const { handle } = await workflows.start({
      impact: {
        async submitConversion() {
          times.push(await workflows.currentTimeMs());
          return isUnavailable();
        },
      },
    });
    await workflows.sleep('49 hours');
    await untilParked(handle);
    const gaps = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1000));
    expect(gaps.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15 * 60 + 5);
    expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 3_600_000).toBeCloseTo(48, 0);
  });

  it('waits as long as Impact said after a 429', async () => {
    const times: number[] = [];
    const { handle } = await workflows.start({
      impact: {
        async submitConversion() {
          times.push(await workflows.currentTimeMs());
          if (times.length === 2) return QUEUED;
          const options = { httpStatus: 429, notTaken: true, retryAfterMs: 20 * 60_000 };
          throw new RetryableImpactError('impact_rate_limited', '429', options);
        },
      },
    });
    await handle.result();
    expect(((times[1] ?? 0) - (times[0] ?? 0)) / 60_000).toBeCloseTo(20, 0);
  });

  it('is not sent any more once it is abandoned between two attempts', async () => {
    const submitConversion = vi.fn(async () => {
      const options = { notTaken: true, retryAfterMs: 86_400_000 };
      throw new RetryableImpactError('impact_unavailable', '503', options);
    });
    const { handle } = await workflows.start({ impact: { submitConversion } });
    await untilBetweenAttempts(handle);
    await handle.signal(SIGNALS.abandon);
    expect(await handle.result()).toMatchObject({ status: 'abandoned' });
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });
});

describe('a conversion that may have arrived', () => {
  it('is looked up at Impact after half an hour, and is confirmed where Impact has it', async () => {
    const submitConversion = vi.fn(neverAnswers);
    const { handle } = await workflows.start({
      impact: { submitConversion, findAction: async () => ACTION },
    });
    expect(await handle.result()).toMatchObject({
      status: 'confirmed',
      detail: 'Impact has it as action 1000.4636.158133.',
    });
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });

  it('is sent again, with the time of the look-up, where Impact does not have it', async () => {
    const lookUps: (string | undefined)[] = [];
    const submitConversion = vi.fn(async () => QUEUED).mockImplementationOnce(neverAnswers);
    const findAction = vi.fn(async () => null);
    const { handle } = await workflows.start({
      impact: { submitConversion, findAction },
      activities: ({ reportConversion }) => ({
        async reportConversion(id, lookedUpAt) {
          lookUps.push(lookedUpAt ?? undefined);
          return reportConversion(id, lookedUpAt);
        },
      }),
    });
    expect(await handle.result()).toMatchObject({ status: 'submitted' });
    expect(lookUps).toEqual([undefined, expect.stringMatching(/^\d{4}-\d\d-\d\dT/)]);
    expect(findAction).toHaveBeenCalledTimes(1);
    expect(submitConversion).toHaveBeenCalledTimes(2);
  });

  it.each<[string, AskingTimes]>([
    ['2 days', LOOK_UP],
    ['40 seconds', { afterMs: 2_000, withinMs: 40_000 }],
  ])('is parked where %s of attempts all end so', async (words, lookUp) => {
    const submittedAt: number[] = [];
    const lookedUpAt: number[] = [];
    const { handle } = await workflows.start({
      lookUp,
      impact: {
        async submitConversion() {
          submittedAt.push(await workflows.currentTimeMs());
          return neverAnswers();
        },
        async findAction() {
          lookedUpAt.push(await workflows.currentTimeMs());
          return null;
        },
      },
    });
    await workflows.sleep(lookUp.withinMs + 60_000);
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'impact_timeout' });
    expect(await currentDetailsOf(handle)).toContain(`The same happened for ${words}.`);
    expectAbout(lookUp.afterMs, (lookedUpAt[0] ?? 0) - (submittedAt[0] ?? 0));
    expectAbout(lookUp.withinMs, (lookedUpAt.at(-1) ?? 0) - (submittedAt[0] ?? 0));
  });
});

describe('a conversion that Impact has queued', () => {
  it('is confirmed once Impact has accepted it', async () => {
    const { handle } = await workflows.start(AFTER_TEN_MINUTES);
    expect(await handle.result()).toMatchObject({ status: 'confirmed', detail: 'Impact accepted it.' });
  });

  it('is asked about again, later each time, while Impact processes it', async () => {
    const times = [await workflows.currentTimeMs()];
    const { handle } = await workflows.start({
      ...AFTER_TEN_MINUTES,
      impact: {
        async getSubmission() {
          times.push(await workflows.currentTimeMs());
          return times.length < 5 ? processing() : { state: 'complete', errorReasons: [] };
        },
      },
    });
    await handle.result();
    const minutes = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 60_000));
    expect(minutes).toEqual([10, 20, 40, 80]);
  });

  it.each([
    ['3 days', { afterMs: 600_000, withinMs: CONFIRM_WITHIN_MS }],
    ['40 seconds', { afterMs: 2_000, withinMs: 40_000 }],
  ])('is parked as unconfirmed after %s of processing', async (words, { afterMs, withinMs }) => {
    const times = [await workflows.currentTimeMs()];
    const { handle } = await workflows.start({
      confirmAfterMs: afterMs,
      confirmWithinMs: withinMs,
      impact: {
        async getSubmission() {
          times.push(await workflows.currentTimeMs());
          return processing();
        },
      },
    });
    await workflows.sleep(withinMs + 60_000);
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'unconfirmed' });
    expect(await currentDetailsOf(handle)).toContain(`Impact had not processed it after ${words}.`);
    expectAbout(withinMs, (times.at(-1) ?? 0) - (times[0] ?? 0));
  });

  it('is asked about again, not sent again, on a retry of an unconfirmed one', async () => {
    let known = false;
    const submitConversion = vi.fn(async () => QUEUED);
    const { handle, conversion } = await workflows.start({
      ...AFTER_TEN_MINUTES,
      impact: {
        submitConversion,
        getSubmission: async () => (known ? { state: 'complete', errorReasons: [] } : null),
      },
    });
    await workflows.sleep('11 minutes');
    await untilParked(handle);
    known = true;
    await handle.signal(SIGNALS.retry);
    await handle.result();
    const { timeline, submission } = await conversion();
    expect(timeline.map(({ status }) => status)).toEqual([
      ...['reporting', 'submitted'],
      ...['parked', 'submitted', 'confirmed'],
    ]);
    expect(submission?.state).toBe('queued');
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });

  it('is parked with the reason in words where Impact turned it down', async () => {
    const { handle, conversion } = await workflows.start({
      ...AFTER_TEN_MINUTES,
      impact: { getSubmission: rejects('CONTRACT_NOT_FOUND') },
    });
    await workflows.sleep('11 minutes');
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'contract_not_found' });
    expect(await currentDetailsOf(handle)).toContain('the partner had no contract at the time');
    expect((await conversion()).submission?.state).toBe('rejected');
  });

  it('is declined, and ends, where Impact turned it down for what no human can change', async () => {
    const { handle, conversion } = await workflows.start({
      ...AFTER_TEN_MINUTES,
      impact: { getSubmission: rejects('UNCLAIMED') },
    });
    expect(await handle.result()).toMatchObject({ status: 'declined', reason: 'unclaimed', timesParked: 0 });
    expect(await conversion()).toMatchObject({ status: 'declined', submission: { state: 'rejected' } });
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Reporting', parkReason: undefined });
  });

  it('is parked within the hour where Impact gives it a status that this version does not know', async () => {
    const getSubmission = vi.fn(async () => ({ state: 'unfamiliar', status: 'On Hold' }) as const);
    const { handle } = await workflows.start({ ...AFTER_TEN_MINUTES, impact: { getSubmission } });
    await workflows.sleep('1 hour');
    await untilParked(handle);
    expect(getSubmission).toHaveBeenCalledTimes(5);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'unconfirmed' });
    expect(await currentDetailsOf(handle)).toContain('the status "On Hold"');
  });

  it('stays submitted where it is abandoned while Impact processes it', async () => {
    const getSubmission = vi.fn(processing);
    const { handle, conversion } = await workflows.start({ ...AFTER_TEN_MINUTES, impact: { getSubmission } });
    await workflows.sleep('15 minutes');
    await expect.poll(() => getSubmission.mock.calls.length).toBe(1);
    await handle.signal(SIGNALS.abandon, { by: 'kim' });
    expect(await handle.result()).toMatchObject({
      status: 'submitted',
      detail: 'Not followed any further. Abandoned by kim.',
    });
    expect((await conversion()).submission?.followUntil).toBeUndefined();
  });
});

describe('a conversion that is to be reversed', () => {
  it('is waited for no longer, where it is parked and was not sent', async () => {
    const { handle, reverse } = await startParked(refused);
    await reverse();
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
  });

  it('stays parked where it is only to have another amount', async () => {
    const { handle, setAmount, wake } = await startParked(refused);
    await setAmount(1_900);
    await wake({ name: 'adjust' });
    await untilParked(handle);
  });

  it('stays parked where Impact has queued it and never said more: a human asks again', async () => {
    const { handle, reverse } = await workflows.start({
      confirmAfterMs: 1_000,
      impact: { getSubmission: async () => null },
    });
    await workflows.sleep('1 minute');
    await untilParked(handle);
    await reverse();
    await untilParked(handle);
  });
});

describe('a conversion whose workflow was ended from outside', () => {
  it('waits for a human before anything else', async () => {
    const submitConversion = vi.fn(async () => QUEUED);
    const failure = { reason: 'workflow_terminated', message: 'Somebody terminated it.' };
    const { handle } = await startParked({
      impact: { submitConversion },
      async begin({ conversion, wake }) {
        await parkUnattended({ db: workflows.db }, await conversion(), { kind: 'report' }, failure);
        await wake({ name: 'adjust' });
      },
    });
    expect(submitConversion).not.toHaveBeenCalled();
    await handle.signal(SIGNALS.retry);
    expect(await handle.result()).toMatchObject({ status: 'submitted' });
  });
});
