import { describe, expect, it, vi } from 'vitest';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { restartEnded } from '../../src/ledger/restart-ended.js';
import type { WakeSignal } from '../../src/temporal/wake-conversion.js';
import {
  type Plan,
  type Sale,
  stateOf,
  untilBetweenAttempts,
  untilParked,
  useConversionWorkflows,
} from '../support/conversion-workflows.js';
import { isUnavailable, neverAnswers, processing, refuse, rejects } from '../support/impact-answers.js';

/** What a second run of a workflow id does, and what it does not. */
const workflows = useConversionWorkflows();

const QUEUED = { queuedUri: '/APISubmissions/A-1' };
const ACCEPTED = { state: 'complete' as const, errorReasons: [] as string[] };
const RESTART: WakeSignal = { name: 'retry', note: { by: 'kim', restart: true } };
const RETRY: WakeSignal = { name: 'retry', note: { by: 'kim' } };

const start = (impact: Plan['impact'] = {}, plan: Plan = {}) =>
  workflows.start({ confirmAfterMs: 600_000, impact, ...plan });

/** Impact refuses it once, and an operator abandons it. */
async function abandoned(): Promise<Sale> {
  const sale = await start({ submitConversion: vi.fn(async () => QUEUED).mockImplementationOnce(refuse) });
  await untilParked(sale.handle);
  await sale.handle.signal(SIGNALS.abandon);
  return sale;
}

/** Impact declines it once. */
function declined(): Promise<Sale> {
  const getSubmission = vi.fn(async () => ACCEPTED);
  return start({ getSubmission: getSubmission.mockImplementationOnce(rejects('UNCLAIMED') as never) });
}

/** It has no attribution, which it has once the run is over. */
async function skipped(): Promise<Sale> {
  const sale = await start({}, { conversion: { attribution: null } });
  await sale.handle.result();
  const attribution = { provider: 'impact', clickId: 'click', capturedAt: new Date() };
  await workflows.db.conversions.updateOne({ _id: sale.id }, { $set: { attribution } });
  return sale;
}

const DECIDED = [
  ['abandoned', abandoned],
  ['declined', declined],
  ['skipped', skipped],
] as const;

describe.each(DECIDED)('a conversion that was %s', (status, decide) => {
  it('is reported after a retry with a restart', async () => {
    const sale = await decide();
    expect(await sale.handle.result()).toMatchObject({ status });
    await sale.wake(RESTART);
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed', timesParked: 0 });
    expect((await sale.conversion()).timeline).toContainEqual(
      expect.objectContaining({ status: 'reporting', detail: 'Restarted by kim.' }),
    );
  });

  it.each([
    ['a retry without a restart', RETRY],
    ['another start', { name: 'adjust' } satisfies WakeSignal],
  ])('stays as it is after %s', async (_, signal) => {
    const sale = await decide();
    await sale.handle.result();
    const before = await sale.conversion();
    await sale.wake(signal);
    expect(await sale.handle.result()).toMatchObject({ status });
    expect(await sale.conversion()).toEqual(before);
  });
});

/** Restarts a conversion while the run that abandoned it is closing: that run goes on, and reports it. */
async function reportsInTheClosingRun(restart: (sale: Sale) => Promise<unknown>): Promise<void> {
  let restarted = false;
  const sale: Sale = await start(
    { submitConversion: vi.fn(async () => QUEUED).mockImplementationOnce(refuse) },
    {
      activities: ({ recordStep }) => ({
        async recordStep(id, step, decision) {
          const progress = await recordStep(id, step, decision);
          if (decision.status === 'abandoned' && !restarted) {
            restarted = true;
            await restart(sale);
          }
          return progress;
        },
      }),
    },
  );
  await untilParked(sale.handle);
  const { runId } = await sale.handle.describe();
  await sale.handle.signal(SIGNALS.abandon);
  expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
  expect((await sale.handle.describe()).runId).toBe(runId);
}

it('a retry with a restart counts also where the run that decided is just closing', () =>
  reportsInTheClosingRun((sale) => sale.wake(RESTART)));

describe('a conversion that is restarted together with others', () => {
  const together = async (sale: Sale, status: 'abandoned' | 'declined' | 'skipped') => {
    await restartEnded(workflows, { status }, 'Restarted by kim.');
    await sale.handOver();
  };

  it.each(DECIDED)('is reported where it was %s', async (status, decide) => {
    const sale = await decide();
    await sale.handle.result();
    await together(sale, status);
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed', timesParked: 0 });
    const { timeline } = await sale.conversion();
    const line = { status: 'pending', reason: 'restarted', detail: 'Restarted by kim.' };
    expect(timeline).toContainEqual(expect.objectContaining(line));
  });

  it('is reported also where the run that decided is just closing', () =>
    reportsInTheClosingRun((sale) => together(sale, 'abandoned')));

  it('is asked about, and not sent again, where Impact has queued it', async () => {
    const submitConversion = vi.fn(async () => QUEUED);
    const getSubmission = vi.fn(async () => ACCEPTED).mockImplementationOnce(async () => null as never);
    const sale = await start({ submitConversion, getSubmission });
    await workflows.sleep('15 minutes');
    await untilParked(sale.handle);
    await sale.handle.signal(SIGNALS.abandon);
    expect(await sale.handle.result()).toMatchObject({ status: 'abandoned' });
    await together(sale, 'abandoned');
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });

  it('is looked up before it is sent, where it may have arrived', async () => {
    const submitConversion = vi.fn(async () => QUEUED).mockImplementationOnce(neverAnswers);
    const findAction = vi.fn(async () => null);
    const lookUp = { afterMs: 60_000, withinMs: 600_000 };
    const sale = await start({ submitConversion, findAction }, { lookUp });
    await expect.poll(() => stateOf(sale.handle)).toMatchObject({ reason: 'impact_timeout' });
    await sale.handle.signal(SIGNALS.abandon);
    expect(await sale.handle.result()).toMatchObject({ status: 'abandoned' });
    const lookedUpBefore = findAction.mock.calls.length;
    await together(sale, 'abandoned');
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
    expect(findAction.mock.calls.length).toBeGreaterThan(lookedUpBefore);
    expect(submitConversion).toHaveBeenCalledTimes(2);
  });

  it('has one run more, however often the relay starts it', async () => {
    const submitConversion = vi.fn(async () => QUEUED).mockImplementationOnce(refuse);
    const sale = await start({ submitConversion });
    await untilParked(sale.handle);
    await sale.handle.signal(SIGNALS.abandon);
    await sale.handle.result();
    await restartEnded(workflows, { status: 'abandoned' }, 'Restarted by kim.');
    await Promise.all([sale.handOver(), sale.handOver(), sale.handOver()]);
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
    expect(submitConversion).toHaveBeenCalledTimes(2);
  });
});

describe.each([
  ['confirmed', async () => start()],
  [
    'reversed',
    async () => {
      const sale = await start();
      await sale.handle.result();
      await sale.reverse();
      return sale;
    },
  ],
] as const)('a conversion that is %s', (status, finish) => {
  it.each([
    ['another start', { name: 'adjust' }],
    ['a retry', RETRY],
    ['a retry with a restart', RESTART],
    ['an abandon', { name: 'abandon' }],
  ] satisfies [string, WakeSignal][])('stays as it is after %s', async (_, signal) => {
    const sale = await finish();
    await sale.handle.result();
    const before = await sale.conversion();
    const { runId } = await sale.handle.describe();
    await sale.wake(signal);
    await sale.wake(signal);
    expect(await sale.handle.result()).toMatchObject({ status });
    expect((await sale.handle.describe()).runId).not.toBe(runId);
    expect(await sale.conversion()).toEqual(before);
  });
});

describe('a workflow that is cancelled', () => {
  const isCancelled = async ({ handle }: Sale) => {
    await handle.cancel();
    await handle.result().catch(() => undefined);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
  };

  it('abandons the refund that it is about to send', async () => {
    const reverseAction = vi.fn(isUnavailable);
    const sale = await start({ reverseAction });
    await sale.handle.result();
    await sale.reverse();
    await untilBetweenAttempts(sale.handle);
    await isCancelled(sale);
    expect(await sale.adjustments()).toEqual(['reversal abandoned']);
    expect(await sale.conversion()).toMatchObject({ status: 'confirmed' });
    expect(reverseAction).toHaveBeenCalledTimes(1);
  });

  it('leaves a refund open that waits for the confirmation, for the next run', async () => {
    const getSubmission = vi.fn(async () => ACCEPTED).mockImplementationOnce(processing as never);
    const sale = await start({ getSubmission });
    await workflows.sleep('15 minutes');
    await sale.reverse();
    await isCancelled(sale);
    expect(await sale.conversion()).toMatchObject({ status: 'submitted' });
    expect(await sale.adjustments()).toEqual(['reversal reporting']);
    // The ledger's clock does not skip time.
    const sentAt = new Date(Date.now() - 3_600_000);
    await workflows.db.conversions.updateOne({ _id: sale.id }, { $set: { 'submission.sentAt': sentAt } });
    await sale.wake({ name: 'adjust' });
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
  });
});
