import { ApplicationFailure } from '@temporalio/client';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Outcome } from '../../activities/record-outcome.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import {
  type ConversionHandle,
  RECORDED,
  searchAttributesOf,
  startConversionWorkflows,
  untilParked,
} from '../support/conversion-workflows.js';
import { startTimeSkipping } from '../support/time-skipping.js';

let environment: TestWorkflowEnvironment;
let workflows: Awaited<ReturnType<typeof startConversionWorkflows>>;

beforeAll(async () => {
  environment = await startTimeSkipping();
  workflows = await startConversionWorkflows(environment);
});
afterAll(async () => {
  await workflows.stop();
  await environment.teardown();
});

const refusal = ApplicationFailure.create({
  type: 'impact_refused',
  message: 'Impact refused the conversion (HTTP 400): ClickId: Not found.',
  nonRetryable: true,
  details: [
    { attempt: 1, at: '2026-11-02T00:00:00.000Z', fields: [{ field: 'ClickId', message: 'Not found' }] },
  ],
});

const refuse = async () => {
  throw refusal;
};

async function currentDetails(handle: ConversionHandle): Promise<string> {
  const metadata = await handle.query<{ currentDetails: string }, []>('__temporal_workflow_metadata');
  return metadata.currentDetails;
}

describe('a conversion that can be reported', () => {
  it('ends as submitted, with the receipt that Impact gave', async () => {
    const handle = await workflows.start();
    expect(await handle.result()).toMatchObject({ status: 'submitted', queuedUri: '/APISubmissions/A-1' });
  });

  it('writes the receipt itself where the activity could not reach the ledger', async () => {
    const outcomes: Outcome[] = [];
    const handle = await workflows.start({
      reportConversion: async () => ({
        outcome: 'submitted',
        queuedUri: '/APISubmissions/A-2',
        recorded: false,
      }),
      recordOutcome: async (outcome) => {
        outcomes.push(outcome);
        return RECORDED;
      },
    });
    await handle.result();
    expect(outcomes).toMatchObject([{ status: 'submitted', queuedUri: '/APISubmissions/A-2' }]);
  });

  it('tries five failures later again, within the ordinary backoff', async () => {
    let attempts = 0;
    const handle = await workflows.start({
      reportConversion: async () => {
        attempts += 1;
        if (attempts <= 5)
          throw ApplicationFailure.create({ type: 'impact_unavailable', message: 'HTTP 500' });
        return { outcome: 'submitted', recorded: true };
      },
    });
    expect(await handle.result()).toMatchObject({ status: 'submitted', timesParked: 0 });
  });
});

describe('a conversion that is not to be reported', () => {
  it('is skipped without an attribution', async () => {
    const handle = await workflows.start({ loadAttribution: async () => null });
    expect(await handle.result()).toMatchObject({ status: 'skipped', reason: 'no_attribution' });
  });

  it('is skipped outside the referral window, with the arithmetic', async () => {
    const handle = await workflows.start({
      checkReferralWindow: async () => ({ inside: false, detail: '1 s after the window closed' }),
    });
    expect(await handle.result()).toMatchObject({
      status: 'skipped',
      reason: 'outside_referral_window',
      detail: '1 s after the window closed',
    });
  });

  it('is skipped where Impact is not configured', async () => {
    const handle = await workflows.start({
      reportConversion: async () => ({ outcome: 'skipped', reason: 'provider_not_configured' }),
    });
    expect(await handle.result()).toMatchObject({ status: 'skipped', reason: 'provider_not_configured' });
  });
});

describe('a conversion that Impact refuses', () => {
  it('is parked with the reason, where operators look for it', async () => {
    const handle = await workflows.start({ reportConversion: refuse });
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'impact_refused' });
  });

  it('says on its page what Impact answered and which signals to send', async () => {
    const handle = await workflows.start({ reportConversion: refuse });
    await untilParked(handle);
    const details = await currentDetails(handle);
    expect(details).toContain('`ClickId`: Not found');
    expect(details).toContain(`temporal workflow signal --workflow-id '${handle.workflowId}' --name retry`);
  });

  it('is reported after a retry signal', async () => {
    let mended = false;
    const handle = await workflows.start({
      reportConversion: async () => (mended ? { outcome: 'submitted', recorded: true } : refuse()),
    });
    await untilParked(handle);
    mended = true;
    await handle.signal(SIGNALS.retry, { by: 'kim' });
    expect(await handle.result()).toMatchObject({ status: 'submitted', timesParked: 1 });
  });

  it('is no longer listed as parked once it has gone through', async () => {
    let mended = false;
    const handle = await workflows.start({
      reportConversion: async () => (mended ? { outcome: 'submitted', recorded: true } : refuse()),
    });
    await untilParked(handle);
    mended = true;
    await handle.signal(SIGNALS.retry);
    await handle.result();
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Reporting', parkReason: undefined });
  });

  it('is parked again where the retry is refused as well', async () => {
    const handle = await workflows.start({ reportConversion: refuse });
    await untilParked(handle);
    await handle.signal(SIGNALS.retry);
    await untilParked(handle, 2);
  });

  it('is tried again at once where the retry was signalled before it was parked, but after the attempt began', async () => {
    // As where a worker dies that has just written into the ledger that it is parked.
    let attempts = 0;
    const handle: ConversionHandle = await workflows.start({
      reportConversion: async () => {
        attempts += 1;
        if (attempts > 1) return { outcome: 'submitted', recorded: true };
        await environment.client.workflow.getHandle(handle.workflowId).signal(SIGNALS.retry, { by: 'kim' });
        return refuse();
      },
    });
    expect(await handle.result()).toMatchObject({ status: 'submitted', timesParked: 1 });
  });

  it('stays parked for a year', async () => {
    const handle = await workflows.start({ reportConversion: refuse });
    await untilParked(handle);
    await environment.sleep('365 days');
    await untilParked(handle);
  });

  it('is abandoned on an abandon signal, with who did it and why', async () => {
    const outcomes: Outcome[] = [];
    const handle = await workflows.start({
      reportConversion: refuse,
      recordOutcome: async (outcome) => {
        outcomes.push(outcome);
        return RECORDED;
      },
    });
    await untilParked(handle);
    await handle.signal(SIGNALS.abandon, { by: 'kim', reason: 'test order' });
    await handle.result();
    expect(outcomes.at(-1)).toMatchObject({ status: 'abandoned', detail: 'Abandoned by kim: test order.' });
  });

  it('takes a retry signal with nonsense for an argument as a retry', async () => {
    const handle = await workflows.start({ reportConversion: refuse });
    await untilParked(handle);
    await handle.signal(SIGNALS.retry, 'nonsense' as never);
    await untilParked(handle, 2);
  });

  it('is recorded as abandoned where its workflow is cancelled', async () => {
    const outcomes: Outcome[] = [];
    const handle = await workflows.start({
      reportConversion: refuse,
      recordOutcome: async (outcome) => {
        outcomes.push(outcome);
        return RECORDED;
      },
    });
    await untilParked(handle);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    expect(outcomes.at(-1)).toMatchObject({ status: 'abandoned', reason: 'cancelled' });
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  });
});

describe('a conversion that Impact never takes', () => {
  it('is parked after 48 hours of retries, at most 15 minutes apart', async () => {
    const times: number[] = [];
    const handle = await workflows.start({
      reportConversion: async () => {
        times.push(await environment.currentTimeMs());
        throw ApplicationFailure.create({ type: 'impact_unavailable', message: 'HTTP 503' });
      },
    });
    await environment.sleep('49 hours');
    await untilParked(handle);
    const gaps = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1000));
    expect(gaps.slice(0, 4)).toEqual([1, 2, 4, 8]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15 * 60 + 5);
    expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 3_600_000).toBeCloseTo(48, 0);
  });

  it('waits as long as Impact said after a 429', async () => {
    const times: number[] = [];
    const handle = await workflows.start({
      reportConversion: async () => {
        times.push(await environment.currentTimeMs());
        if (times.length === 2) return { outcome: 'submitted', recorded: true };
        throw ApplicationFailure.create({
          type: 'impact_rate_limited',
          message: '429',
          nextRetryDelay: '20 minutes',
        });
      },
    });
    await handle.result();
    expect(((times[1] ?? 0) - (times[0] ?? 0)) / 60_000).toBeCloseTo(20, 0);
  });

  it('is not sent any more once it is abandoned between two attempts', async () => {
    let attempts = 0;
    const handle = await workflows.start({
      reportConversion: async () => {
        attempts += 1;
        throw ApplicationFailure.create({
          type: 'impact_unavailable',
          message: '503',
          nextRetryDelay: '1 day',
        });
      },
    });
    await expect.poll(() => attempts).toBe(1);
    await handle.signal(SIGNALS.abandon);
    expect(await handle.result()).toMatchObject({ status: 'abandoned' });
    expect(attempts).toBe(1);
  });
});

describe('a conversion that may have arrived', () => {
  const UNCERTAIN = { outcome: 'may_have_arrived', reason: 'impact_timeout', detail: 'No answer.' } as const;

  it('is looked up at Impact after half an hour, and is confirmed where Impact has it', async () => {
    let sent = 0;
    const handle = await workflows.start({
      reportConversion: async () => {
        sent += 1;
        return UNCERTAIN;
      },
      findOrder: async () => ({ found: true, actionId: '1000.4636.158133' }),
    });
    expect(await handle.result()).toMatchObject({
      status: 'confirmed',
      detail: 'Impact has it as action 1000.4636.158133.',
    });
    expect(sent).toBe(1);
  });

  it('is sent again, with the time of the look-up, where Impact does not have it', async () => {
    const lookUps: (string | undefined)[] = [];
    const handle = await workflows.start({
      reportConversion: async (_id, lookedUpAt) => {
        lookUps.push(lookedUpAt ?? undefined);
        return lookedUpAt ? { outcome: 'submitted', recorded: true } : UNCERTAIN;
      },
      findOrder: async () => ({ found: false, lookedUpAt: '2026-11-02T00:30:00.000Z' }),
    });
    await handle.result();
    expect(lookUps).toEqual([undefined, '2026-11-02T00:30:00.000Z']);
  });

  it('is parked where two days of attempts all end so', async () => {
    const handle = await workflows.start({ reportConversion: async () => UNCERTAIN });
    await environment.sleep('3 days');
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'impact_timeout' });
  });
});

describe('a conversion that Impact has queued', () => {
  const SUBMITTED = {
    outcome: 'submitted',
    recorded: true,
    queuedUri: '/A-1',
    confirmAfterMs: 600_000,
  } as const;
  const submitted = async () => SUBMITTED;

  it('is confirmed once Impact has accepted it', async () => {
    const handle = await workflows.start({ reportConversion: submitted });
    expect(await handle.result()).toMatchObject({ status: 'confirmed' });
  });

  it('is asked for again, later each time, while Impact processes it', async () => {
    const times = [await environment.currentTimeMs()];
    const handle = await workflows.start({
      reportConversion: submitted,
      confirmSubmission: async () => {
        times.push(await environment.currentTimeMs());
        return times.length < 5 ? { state: 'processing' } : { state: 'confirmed', detail: '' };
      },
    });
    await handle.result();
    const minutes = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 60_000));
    expect(minutes).toEqual([10, 20, 40, 80]);
  });

  it('is parked as unconfirmed after three days of processing', async () => {
    const handle = await workflows.start({
      reportConversion: submitted,
      confirmSubmission: async () => ({ state: 'processing' }),
    });
    await environment.sleep('5 days');
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'unconfirmed' });
  });

  it('is asked for again, not sent again, on a retry of the unconfirmed', async () => {
    let known = false;
    const outcomes: Outcome[] = [];
    const handle = await workflows.start({
      reportConversion: submitted,
      confirmSubmission: async () => (known ? { state: 'confirmed', detail: '' } : { state: 'unknown' }),
      recordOutcome: async (outcome) => {
        outcomes.push(outcome);
        return RECORDED;
      },
    });
    await environment.sleep('11 minutes');
    await untilParked(handle);
    known = true;
    await handle.signal(SIGNALS.retry);
    await handle.result();
    expect(outcomes.map(({ status, submission }) => [status, submission])).toEqual([
      ['parked', 'queued'],
      ['submitted', 'queued'],
      ['confirmed', 'queued'],
    ]);
  });

  it('is parked with the reason in words where Impact turned it down', async () => {
    const handle = await workflows.start({
      reportConversion: submitted,
      confirmSubmission: async () => ({
        state: 'rejected',
        reason: 'contract_not_found',
        detail: 'CONTRACT_NOT_FOUND: the partner had no contract at the time.',
      }),
    });
    await environment.sleep('11 minutes');
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'contract_not_found' });
    expect(await currentDetails(handle)).toContain('the partner had no contract at the time');
  });

  it('stays submitted where it is abandoned while Impact processes it', async () => {
    let asked = 0;
    const handle = await workflows.start({
      reportConversion: submitted,
      confirmSubmission: async () => {
        asked += 1;
        return { state: 'processing' };
      },
    });
    await environment.sleep('15 minutes');
    await expect.poll(() => asked).toBe(1);
    await handle.signal(SIGNALS.abandon, { by: 'kim' });
    expect(await handle.result()).toMatchObject({
      status: 'submitted',
      detail: 'Not followed any further. Abandoned by kim.',
    });
  });
});

describe('a conversion that is to be reversed', () => {
  it('is waited for no longer, where it is parked and was not sent', async () => {
    let taken = false;
    const handle = await workflows.start({
      reportConversion: async () => (taken ? { outcome: 'reversed' } : refuse()),
    });
    await untilParked(handle);
    taken = true;
    await handle.signal(SIGNALS.adjust, { reversal: true });
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
  });

  it('stays parked where it is only to have another amount', async () => {
    const handle = await workflows.start({ reportConversion: refuse });
    await untilParked(handle);
    await handle.signal(SIGNALS.adjust, { reversal: false });
    await untilParked(handle);
  });

  it('stays parked where Impact has queued it and never said more: a human asks again', async () => {
    const handle = await workflows.start({
      reportConversion: async () => ({
        outcome: 'submitted',
        recorded: true,
        queuedUri: '/A-1',
        confirmAfterMs: 1_000,
      }),
      confirmSubmission: async () => ({ state: 'unknown' }),
    });
    await environment.sleep('1 minute');
    await untilParked(handle);
    await handle.signal(SIGNALS.adjust, { reversal: true });
    await untilParked(handle);
  });
});

describe('a conversion whose workflow was ended from outside', () => {
  it('waits for a human before anything else', async () => {
    let sent = 0;
    const handle = await workflows.start(
      {
        reportConversion: async () => {
          sent += 1;
          return { outcome: 'submitted', recorded: true };
        },
      },
      { reason: 'workflow_terminated', message: 'Somebody terminated it.' },
    );
    await untilParked(handle);
    expect(sent).toBe(0);
    await handle.signal(SIGNALS.retry);
    expect(await handle.result()).toMatchObject({ status: 'submitted' });
  });
});
