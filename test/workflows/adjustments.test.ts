import { describe, expect, it, vi } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { requestAdjustment } from '../../src/ledger/request-adjustment.js';
import {
  currentDetailsOf,
  type Plan,
  type Sale,
  searchAttributesOf,
  stateOf,
  untilBetweenAttempts,
  untilParked,
  useConversionWorkflows,
} from '../support/conversion-workflows.js';
import { isUnavailable, neverAnswers, processing, refuse, rejects } from '../support/impact-answers.js';

/** Refunds and new amounts, at every moment of a conversion's life. */
const workflows = useConversionWorkflows();

const QUEUED = { queuedUri: '/APISubmissions/A-1' };
const ACTION = { actionId: '7.8.9', actionTrackerId: 99999, orderId: 'any', state: 'PENDING' };
const ACCEPTED = { state: 'complete' as const, errorReasons: [] };

/** Impact's side of an adjustment, as functions that count their calls. */
const counted = () => ({
  submitConversion: vi.fn(async () => QUEUED),
  reverseAction: vi.fn(async () => ({ queuedUri: '/APISubmissions/A-2' })),
  updateAction: vi.fn(async (_change: { amount: string }) => ({ queuedUri: '/APISubmissions/A-3' })),
});

/** A sale whose outcome the worker asks for after ten minutes. */
const start = (impact: Plan['impact'] = {}, plan: Plan = {}) =>
  workflows.start({ confirmAfterMs: 600_000, impact, ...plan });

/** Its workflow has ended. */
async function startConfirmed(impact: Plan['impact'] = {}, plan: Plan = {}): Promise<Sale> {
  const sale = await start(impact, plan);
  expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
  return sale;
}

/** Its workflow has ended, and a refund that Impact refuses so many times has started it again. */
async function startParkedRefund(refusals: number): Promise<Sale> {
  const reverseAction = vi.fn(async () => ({ queuedUri: '/APISubmissions/A-2' }));
  for (let times = 0; times < refusals; times += 1) reverseAction.mockImplementationOnce(refuse);
  const sale = await startConfirmed({ reverseAction });
  await sale.reverse();
  await untilParked(sale.handle);
  return sale;
}

const statusesOf = async ({ conversion }: Sale) => (await conversion()).timeline.map(({ status }) => status);

/** The ledger's clock does not skip time. */
async function sentAnHourAgo({ id }: Sale): Promise<void> {
  const sentAt = new Date(Date.now() - 3_600_000);
  await workflows.db.conversions.updateOne({ _id: id }, { $set: { 'submission.sentAt': sentAt } });
}

describe('a refund', () => {
  it('before the start ends the conversion, and nothing of it is sent', async () => {
    const impact = counted();
    const { handle, adjustments } = await start(impact, { begin: ({ reverse }) => reverse() });
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
    expect(await adjustments()).toEqual(['reversal confirmed']);
    expect(impact.submitConversion).not.toHaveBeenCalled();
    expect(impact.reverseAction).not.toHaveBeenCalled();
  });

  it('during the POST is carried out once Impact has accepted the conversion', async () => {
    const { reverseAction } = counted();
    const submitConversion = vi.fn(async () => {
      await sale.reverse();
      return QUEUED;
    });
    const sale: Sale = await start({ submitConversion, reverseAction });
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed', timesParked: 0 });
    expect(await statusesOf(sale)).toContain('confirmed');
    expect(submitConversion).toHaveBeenCalledTimes(1);
    expect(reverseAction).toHaveBeenCalledTimes(1);
  });

  it('during a POST that Impact refuses ends the conversion without a human', async () => {
    const { reverseAction } = counted();
    const submitConversion = async () => {
      await sale.reverse();
      return refuse();
    };
    const sale: Sale = await start({ submitConversion, reverseAction });
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed', timesParked: 0 });
    expect(await sale.adjustments()).toEqual(['reversal confirmed']);
    expect(reverseAction).not.toHaveBeenCalled();
  });

  it('during a POST without an answer keeps what did not arrive from being sent again', async () => {
    const { reverseAction } = counted();
    const submitConversion = vi.fn(async () => {
      await sale.reverse();
      return neverAnswers();
    });
    const sale: Sale = await start({ submitConversion, reverseAction });
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
    expect(submitConversion).toHaveBeenCalledTimes(1);
    expect(reverseAction).not.toHaveBeenCalled();
  });

  it('during a POST without an answer reverses what did arrive', async () => {
    const { reverseAction } = counted();
    const submitConversion = async () => {
      await sale.reverse();
      return neverAnswers();
    };
    const sale: Sale = await start({ submitConversion, reverseAction, findAction: async () => ACTION });
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
    expect(reverseAction).toHaveBeenCalledTimes(1);
  });

  it('while Impact processes the conversion waits until Impact has confirmed it', async () => {
    const { reverseAction } = counted();
    const getSubmission = vi.fn(async () => ACCEPTED).mockImplementationOnce(processing as never);
    const sale = await start({ reverseAction, getSubmission });
    await workflows.sleep('15 minutes');
    await sale.reverse();
    expect(reverseAction).not.toHaveBeenCalled();
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
    expect(await statusesOf(sale)).toEqual([
      ...['reporting', 'submitted', 'submitted'],
      ...['confirmed', 'confirmed', 'reversed'],
    ]);
  });

  it.each(['CONTRACT_NOT_FOUND', 'UNCLAIMED'])(
    'of a conversion that Impact then turns down is done: %s',
    async (code) => {
      const impact = counted();
      const sale = await start({ ...impact, getSubmission: rejects(code) });
      await expect.poll(() => statusesOf(sale)).toContain('submitted');
      await sale.reverse();
      expect(await sale.handle.result()).toMatchObject({ status: 'reversed', timesParked: 0 });
      expect(await sale.adjustments()).toEqual(['reversal confirmed']);
      expect(impact.reverseAction).not.toHaveBeenCalled();
    },
  );

  it('of a parked conversion that was not sent ends it at once', async () => {
    const { reverseAction } = counted();
    const sale = await start({ submitConversion: refuse, reverseAction });
    await untilParked(sale.handle);
    await sale.reverse();
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
    expect(await searchAttributesOf(sale.handle)).toEqual({ status: 'Reporting', parkReason: undefined });
    expect(reverseAction).not.toHaveBeenCalled();
  });

  it('of a parked conversion that may have arrived looks it up, and reverses it where Impact has it', async () => {
    let arrived = false;
    const { reverseAction } = counted();
    const submitConversion = vi.fn(neverAnswers);
    const findAction = async () => (arrived ? ACTION : null);
    const sale = await start({ submitConversion, reverseAction, findAction });
    await workflows.sleep('3 days');
    await untilParked(sale.handle);
    const { length: attempts } = submitConversion.mock.calls;
    arrived = true;
    await sale.reverse();
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed', timesParked: 1 });
    expect(reverseAction).toHaveBeenCalledTimes(1);
    expect(submitConversion).toHaveBeenCalledTimes(attempts);
  });

  it('of a queued and unconfirmed conversion waits until a human has asked Impact again', async () => {
    const { reverseAction } = counted();
    const getSubmission = vi.fn(async () => ACCEPTED).mockImplementationOnce((async () => null) as never);
    const sale = await start({ reverseAction, getSubmission });
    await workflows.sleep('11 minutes');
    await untilParked(sale.handle);
    await sale.reverse();
    await untilParked(sale.handle);
    expect(reverseAction).not.toHaveBeenCalled();
    await sale.handle.signal(SIGNALS.retry);
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
    expect(await statusesOf(sale)).toContain('confirmed');
  });

  it('after the end begins another run of the same workflow id', async () => {
    const { reverseAction } = counted();
    const sale = await startConfirmed({ reverseAction });
    const { runId } = await sale.handle.describe();
    await sale.reverse();
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
    expect((await sale.handle.describe()).runId).not.toBe(runId);
    expect(reverseAction).toHaveBeenCalledWith(expect.objectContaining({ reason: 'ITEM_RETURNED' }));
    expect((await sale.lastEntry())?.detail).toBe('Reversal confirmed. Impact accepted it.');
  });

  it('a year after the end is carried out as well', async () => {
    const sale = await startConfirmed();
    await workflows.sleep('365 days');
    await sale.reverse();
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
  });
});

describe('another amount', () => {
  it('before the start goes out with the report', async () => {
    const impact = counted();
    const { handle, adjustments } = await start(impact, { begin: ({ setAmount }) => setAmount(1_900) });
    await handle.result();
    expect(impact.submitConversion).toHaveBeenCalledWith(expect.objectContaining({ amount: '19.00' }));
    expect(impact.updateAction).not.toHaveBeenCalled();
    expect(await adjustments()).toEqual(['1900 confirmed']);
  });

  it('after the end is sent to Impact, and the conversion stays confirmed', async () => {
    const { updateAction } = counted();
    const sale = await startConfirmed({ updateAction });
    await sale.setAmount(1_900);
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
    expect(updateAction).toHaveBeenCalledWith(expect.objectContaining({ amount: '19.00' }));
    expect(await sale.adjustments()).toEqual(['1900 confirmed']);
  });

  it('is the only one that is sent, where several wait', async () => {
    const { updateAction } = counted();
    const sale = await start({ updateAction });
    await expect.poll(() => statusesOf(sale)).toContain('submitted');
    await sale.setAmount(2_900);
    await sale.setAmount(1_900);
    await sale.handle.result();
    expect(await sale.adjustments()).toEqual(['2900 abandoned', '1900 confirmed']);
    expect(updateAction.mock.calls.map(([{ amount }]) => amount)).toEqual(['19.00']);
  });

  it('takes the place of one that is parked', async () => {
    const { updateAction } = counted();
    const sale = await startConfirmed({ updateAction: updateAction.mockImplementationOnce(refuse) });
    await sale.setAmount(2_900);
    await untilParked(sale.handle);
    await sale.setAmount(1_900);
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed', timesParked: 1 });
    expect(await sale.adjustments()).toEqual(['2900 abandoned', '1900 confirmed']);
    expect((await sale.conversion()).adjustments?.[0]?.detail).toBe('A newer amount has replaced it.');
    expect(await searchAttributesOf(sale.handle)).toEqual({ status: 'Reporting', parkReason: undefined });
  });

  it.each(['before', 'after'])(
    'is not sent where a refund is requested %s it was to be sent',
    async (when) => {
      const impact = counted();
      if (when === 'after') impact.updateAction.mockImplementationOnce(refuse);
      const sale = await (when === 'after' ? startConfirmed(impact) : start(impact));
      await expect.poll(() => statusesOf(sale)).toContain('submitted');
      await sale.setAmount(1_900);
      if (when === 'after') await untilParked(sale.handle);
      await sale.reverse();
      expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
      expect(await sale.adjustments()).toEqual(['1900 abandoned', 'reversal confirmed']);
      expect(impact.updateAction).toHaveBeenCalledTimes(when === 'after' ? 1 : 0);
    },
  );
});

describe('an adjustment that Impact refuses', () => {
  const refunded = async (impact: Plan['impact']) => {
    const sale = await startConfirmed({ reverseAction: refuse, ...impact });
    await sale.reverse();
    return sale;
  };

  it('is done where the action is reversed already', async () => {
    const sale = await refunded({ findAction: async () => ({ ...ACTION, state: 'REVERSED' }) });
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed', timesParked: 0 });
    expect((await sale.lastEntry())?.detail).toContain('Impact has action 7.8.9 as reversed already.');
  });

  it('is done where the action has the amount already', async () => {
    const findAction = async () => ({ ...ACTION, currency: 'USD', amount: 19 });
    const sale = await startConfirmed({ updateAction: refuse, findAction });
    await sale.setAmount(1_900);
    await sale.handle.result();
    expect(await sale.adjustments()).toEqual(['1900 confirmed']);
  });

  it('is parked as locked where the action is approved, and the conversion stays confirmed', async () => {
    const sale = await refunded({ findAction: async () => ({ ...ACTION, state: 'APPROVED' }) });
    await untilParked(sale.handle);
    expect(await searchAttributesOf(sale.handle)).toEqual({ status: 'Parked', parkReason: 'locked' });
    expect(await currentDetailsOf(sale.handle)).toContain('can no longer be changed');
    expect(await sale.conversion()).toMatchObject({
      status: 'confirmed',
      adjustments: [{ status: 'parked', parkReason: 'locked' }],
    });
  });

  it.each([
    ['is open', async () => ACTION],
    ['is not there', async () => null],
    ['cannot be asked for', refuse],
  ])('is parked as refused where the action %s', async (_, findAction) => {
    const { handle } = await refunded({ findAction });
    await untilParked(handle);
    expect(await searchAttributesOf(handle)).toEqual({ status: 'Parked', parkReason: 'impact_refused' });
    expect(await currentDetailsOf(handle)).toContain('`ClickId`: Unknown');
  });

  it.each([
    ['is done where it lists no action of the accepted order', async () => null, 'reversal confirmed'],
    ['is parked where it lists one', async () => ACTION, 'reversal parked'],
  ])('because it knows no action %s', async (_, findAction, adjustment) => {
    const getSubmission = vi.fn(async () => ACCEPTED);
    const sale = await startConfirmed({ getSubmission, findAction });
    getSubmission.mockImplementation(rejects('ACTION_REF_NOT_FOUND') as never);
    await sale.reverse();
    await workflows.sleep('11 minutes');
    await expect.poll(() => sale.adjustments()).toEqual([adjustment]);
  });

  it('after it was queued is parked with the reason of Impact', async () => {
    const getSubmission = vi.fn(async () => ACCEPTED);
    const sale = await startConfirmed({ getSubmission });
    getSubmission.mockImplementation(rejects('CONTRACT_NOT_FOUND') as never);
    await sale.reverse();
    await workflows.sleep('11 minutes');
    await untilParked(sale.handle);
    expect(await searchAttributesOf(sale.handle)).toMatchObject({ parkReason: 'contract_not_found' });
    expect(await sale.adjustments()).toEqual(['reversal parked']);
    expect(await sale.conversion()).toMatchObject({ status: 'confirmed', submission: { state: 'queued' } });
  });
});

describe('a parked adjustment', () => {
  it('is sent again after a retry', async () => {
    const { handle, conversion } = await startParkedRefund(1);
    await handle.signal(SIGNALS.retry, { by: 'kim' });
    expect(await handle.result()).toMatchObject({ status: 'reversed', timesParked: 1 });
    expect((await conversion()).timeline.map(({ detail }) => detail)).toContain(
      'Reversal reporting. Retried by kim.',
    );
  });

  it('is parked again where it is refused again', async () => {
    const { handle } = await startParkedRefund(2);
    await handle.signal(SIGNALS.retry);
    await untilParked(handle, 2);
  });

  it('is given up on abandon, and the conversion stays confirmed', async () => {
    const { handle, adjustments, conversion } = await startParkedRefund(1);
    await handle.signal(SIGNALS.abandon, { by: 'kim' });
    expect(await handle.result()).toMatchObject({ status: 'confirmed' });
    expect(await adjustments()).toEqual(['reversal abandoned']);
    expect(await conversion()).toMatchObject({
      status: 'confirmed',
      adjustments: [{ detail: 'Abandoned by kim.' }],
    });
  });

  it('can be requested again after it was abandoned', async () => {
    const { handle, reverse, adjustments } = await startParkedRefund(1);
    await handle.signal(SIGNALS.abandon);
    await handle.result();
    await reverse();
    expect(await handle.result()).toMatchObject({ status: 'reversed' });
    expect(await adjustments()).toEqual(['reversal abandoned', 'reversal confirmed']);
  });

  it('is given up where its workflow is cancelled', async () => {
    const { handle, adjustments } = await startParkedRefund(1);
    await handle.cancel();
    await handle.result().catch(() => undefined);
    expect((await handle.describe()).status.name).toBe('CANCELLED');
    expect(await adjustments()).toEqual(['reversal abandoned']);
  });

  it('is not tried again by the signal adjust, however often it comes', async () => {
    const { handle, wake, conversion } = await startParkedRefund(1);
    const { timeline } = await conversion();
    await wake({ name: 'adjust' });
    await wake({ name: 'adjust' });
    await workflows.sleep('1 hour');
    expect(await stateOf(handle)).toMatchObject({ status: 'parked', timesParked: 1 });
    expect((await conversion()).timeline).toEqual(timeline);
  });

  it('is not tried again by a retry that was signalled before the attempt began', async () => {
    const reverseAction = vi.fn(refuse);
    const sale = await startConfirmed({ reverseAction });
    const refund = { kind: 'reversal', reason: 'ITEM_RETURNED', by: 'mch_shop' } as const;
    await requestAdjustment({ db: workflows.db, programme }, sale.id, refund);
    await sale.wake({ name: 'retry' });
    await untilParked(sale.handle);
    await workflows.sleep('1 hour');
    expect(await stateOf(sale.handle)).toMatchObject({ status: 'parked', timesParked: 1 });
    expect(reverseAction).toHaveBeenCalledTimes(1);
  });

  it('is parked although MongoDB is away at the time', async () => {
    const recordings = vi.fn(async () => undefined);
    const away = async () => {
      throw new Error('connection to MongoDB closed');
    };
    recordings.mockImplementationOnce(away).mockImplementationOnce(away);
    const plan: Plan = {
      activities: ({ recordStep }) => ({
        async recordStep(...args) {
          await recordings();
          return recordStep(...args);
        },
      }),
    };
    const sale = await startConfirmed({ reverseAction: refuse }, plan);
    await sale.reverse();
    await untilParked(sale.handle);
    expect(recordings).toHaveBeenCalledTimes(3);
    expect(await sale.adjustments()).toEqual(['reversal parked']);
  });
});

describe('an adjustment under way', () => {
  it('is sent again after an answer that never came', async () => {
    const { reverseAction } = counted();
    const sale = await startConfirmed({ reverseAction: reverseAction.mockImplementationOnce(neverAnswers) });
    await sale.reverse();
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed', timesParked: 0 });
    expect(reverseAction).toHaveBeenCalledTimes(2);
  });

  it('is parked after 48 hours of retries', async () => {
    const times: number[] = [];
    const sale = await startConfirmed({
      async reverseAction() {
        times.push(await workflows.currentTimeMs());
        return isUnavailable();
      },
    });
    await sale.reverse();
    await workflows.sleep('49 hours');
    await untilParked(sale.handle);
    expect(await searchAttributesOf(sale.handle)).toMatchObject({ parkReason: 'impact_unavailable' });
    expect(((times.at(-1) ?? 0) - (times[0] ?? 0)) / 3_600_000).toBeCloseTo(48, 0);
  });

  it('is not sent any more once it is abandoned between two attempts', async () => {
    const reverseAction = vi.fn(isUnavailable);
    const sale = await startConfirmed({ reverseAction });
    await sale.reverse();
    await untilBetweenAttempts(sale.handle);
    await sale.handle.signal(SIGNALS.abandon, { by: 'kim' });
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
    expect(await sale.adjustments()).toEqual(['reversal abandoned']);
  });

  it('stays submitted where it is abandoned while Impact processes it', async () => {
    const getSubmission = vi.fn(async () => ACCEPTED);
    const sale = await startConfirmed({ getSubmission });
    getSubmission.mockImplementation(processing as never);
    await sale.reverse();
    await workflows.sleep('15 minutes');
    await sale.handle.signal(SIGNALS.abandon, { by: 'kim' });
    expect(await sale.handle.result()).toMatchObject({ status: 'submitted', adjustmentId: 'reversal-1' });
    const { adjustments } = await sale.conversion();
    expect(adjustments).toMatchObject([
      { status: 'submitted', detail: 'Not followed any further. Abandoned by kim.' },
    ]);
    expect(adjustments?.[0]?.followUntil).toBeUndefined();
  });

  it.each<[string, Plan]>([
    ['30 minutes', {}],
    ['5 minutes', { lookUp: { afterMs: 300_000, withinMs: 600_000 } }],
  ])('waits for the %s that Impact may take, where the worker never asks', async (duration, plan) => {
    const minutes = Number.parseInt(duration, 10);
    const times: number[] = [];
    const sale = await workflows.start({
      ...plan,
      impact: {
        async updateAction() {
          times.push(await workflows.currentTimeMs());
          return QUEUED;
        },
      },
    });
    await sale.handle.result();
    const before = await workflows.currentTimeMs();
    await sale.setAmount(1_900);
    await workflows.sleep(`${minutes - 1} minutes`);
    expect(times).toEqual([]);
    await sentAnHourAgo(sale);
    expect(await sale.handle.result()).toMatchObject({ status: 'submitted' });
    expect(((times[0] ?? 0) - before) / 60_000).toBeCloseTo(minutes, 0);
    expect(await sale.adjustments()).toEqual(['1900 submitted']);
  });
});
