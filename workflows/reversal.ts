import {
  CancellationScope,
  CancelledFailure,
  defineQuery,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { AdjustmentActivities } from '../activities/adjustments.js';
import type { Examination } from '../activities/examine-action.js';
import type { NextAdjustment } from '../activities/next-adjustment.js';
import type { AdjustmentOutcome } from '../activities/record-adjustment.js';
import { STATUS_QUERY } from '../src/domain/workflow-names.js';
import { LEDGER, LOOKING_UP, READING, SENDING } from './activity-options.js';
import { adjustmentSignal } from './conversion.js';
import { stateDetails } from './current-details.js';
import { CannotGoOn, type Failure, toFailure } from './failure.js';
import { listenToOperators, noteText } from './operators.js';
import { createParkedPage, showParked } from './visible-state.js';
import { confirmWaitsMs } from './waits.js';

/**
 * Carries out at Impact what the ledger says of a conversion that was reported: reverses it, or gives it another
 * amount. Parked and moved on like a conversion, by the same signals; each adjustment that cannot go on is abandoned by
 * itself. A reversal comes first, and the newest amount before older ones, which it makes pointless: also when it comes
 * while one of them is parked.
 */
export interface ReversalInput {
  conversionId: string;
  /** Somebody ended the workflow before this one from outside: whether it goes on is for a human to say. */
  parkFirst?: Failure;
}

export interface ReversalState {
  conversionId: string;
  adjustmentId?: string;
  status: AdjustmentOutcome['status'];
  reason?: string;
  detail?: string;
  timesParked: number;
}

export const adjustmentStatusQuery = defineQuery<ReversalState>(STATUS_QUERY);

type Step = Omit<AdjustmentOutcome, 'conversionId' | 'adjustmentId'>;

const { nextAdjustment, recordAdjustment } = proxyLocalActivities<AdjustmentActivities>(LEDGER);
const { sendAdjustment } = proxyActivities<AdjustmentActivities>(SENDING);
const { confirmAdjustment } = proxyActivities<AdjustmentActivities>(READING);

/** It only explains a refusal, and parking waits for it: a quarter of an hour. */
const { examineAction } = proxyActivities<AdjustmentActivities>({
  ...LOOKING_UP,
  retry: { ...LOOKING_UP.retry, maximumAttempts: 5 },
});

const NOTHING_FOUND: Examination = { state: 'open' };

export async function ReversalWorkflow({ conversionId, parkFirst }: ReversalInput): Promise<ReversalState> {
  let state: ReversalState = { conversionId, status: 'reporting', timesParked: 0 };
  let current: NextAdjustment | null = null;
  let sending = new CancellationScope();
  let reversalAsked = false;
  let amountAsked = false;
  let parkBefore = parkFirst;
  /** Impact queued it, and decided against it later. */
  let turnedDown = false;
  const showParkedPage = createParkedPage();
  const done: string[] = [];
  const operators = listenToOperators(() => sending.cancel());

  setHandler(adjustmentStatusQuery, () => state, { description: 'Where this adjustment stands, and why.' });
  setHandler(
    adjustmentSignal,
    (adjustment) => {
      reversalAsked ||= adjustment?.reversal === true;
      amountAsked ||= adjustment?.amount === true;
    },
    { description: 'Sent by the API: the ledger has another adjustment.' },
  );

  for (;;) {
    reversalAsked = false;
    amountAsked = false;
    current = await nextAdjustment(conversionId, done);
    if (!current) return state;
    for (const adjustmentId of current.superseded ?? [])
      await recordAdjustment({
        conversionId,
        adjustmentId,
        status: 'abandoned',
        detail: 'A newer amount has replaced it.',
      });
    await carryOut(current);
  }

  async function carryOut(adjustment: NextAdjustment): Promise<void> {
    sending = new CancellationScope();
    // What the adjustment before it came to is none of its own.
    show({ status: 'reporting' });
    try {
      if (await sending.run(() => sendUntilDone(adjustment))) done.push(adjustment.id);
    } catch (error) {
      if (!sending.consideredCancelled) throw error;
      await giveUp();
      done.push(adjustment.id);
    }
  }

  /** @returns false where another adjustment comes before it */
  async function sendUntilDone(adjustment: NextAdjustment): Promise<boolean> {
    for (;;) {
      try {
        if (parkBefore) throw new CannotGoOn(parkBefore.reason, parkBefore.message);
        await send(adjustment);
        return true;
      } catch (error) {
        if (sending.consideredCancelled) throw error;
        parkBefore = undefined;
        const next = await afterFailure(adjustment, toFailure(error));
        if (next !== 'retry') return next === 'done';
      }
    }
  }

  async function send(adjustment: NextAdjustment): Promise<void> {
    operators.forgetRetry();
    turnedDown = false;
    const { queuedUri, confirmAfterMs } = await sendAdjustment(conversionId, adjustment.id);
    show({ status: 'submitted', ...(queuedUri ? { detail: `Impact queued it as ${queuedUri}.` } : {}) });
    if (confirmAfterMs !== undefined) await confirm(adjustment, confirmAfterMs);
  }

  async function confirm(adjustment: NextAdjustment, afterMs: number): Promise<void> {
    for (const waitMs of confirmWaitsMs(afterMs)) {
      await sleep(waitMs, { summary: 'until Impact has processed it' });
      const confirmation = await confirmAdjustment(conversionId, adjustment.id);
      if (confirmation.state === 'confirmed')
        return enter({ status: 'confirmed', detail: confirmation.detail });
      if (confirmation.state === 'rejected') {
        turnedDown = true;
        throw new CannotGoOn(confirmation.reason, confirmation.detail);
      }
      if (confirmation.state === 'unknown')
        throw new CannotGoOn('unconfirmed', 'Impact does not know the submission.');
    }
    throw new CannotGoOn('unconfirmed', 'After three days Impact still had not processed it.');
  }

  /** A look at the Action tells whether a refusal matters. */
  async function afterFailure(
    adjustment: NextAdjustment,
    failure: Failure,
  ): Promise<'retry' | 'done' | 'passed'> {
    const found =
      turnedDown || failure.reason === 'impact_refused'
        ? await examineAction(conversionId, adjustment.id).catch(() => NOTHING_FOUND)
        : NOTHING_FOUND;
    if (found.state === 'done') {
      await enter({ status: 'confirmed', detail: found.detail });
      return 'done';
    }
    return park(
      found.state === 'locked' ? { ...failure, reason: 'locked', message: found.detail } : failure,
      adjustment,
    );
  }

  /** Waits for a human, who retries (this returns) or abandons (the scope is cancelled), or for what passes it. */
  async function park(failure: Failure, adjustment: NextAdjustment): Promise<'retry' | 'passed'> {
    await enter({ status: 'parked', parkReason: failure.reason, detail: failure.message });
    showParkedPage(failure, state.timesParked);
    const passable = adjustment.kind === 'amount';
    for (;;) {
      const retry = await operators.untilRetry(() => passable && (reversalAsked || amountAsked));
      if (passable && amountAsked && !reversalAsked) {
        if (await isReplaced(adjustment)) return 'passed';
        if (!retry && !reversalAsked) continue;
      }
      await enter({
        status: 'reporting',
        detail: retry ? noteText('Retried', retry) : 'The conversion is to be reversed.',
      });
      return passable && reversalAsked ? 'passed' : 'retry';
    }
  }

  /** The signal alone does not say: it may come twice for the same amount. */
  async function isReplaced(adjustment: NextAdjustment): Promise<boolean> {
    amountAsked = false;
    const next = await nextAdjustment(conversionId, done);
    return next?.kind === 'amount' && next.id !== adjustment.id;
  }

  /** What Impact has acknowledged stays so; only nobody asks about it any more. */
  async function giveUp(): Promise<void> {
    const abandonment = operators.abandonment();
    const why = abandonment ? noteText('Abandoned', abandonment) : 'The workflow was cancelled.';
    operators.forgetAbandonment();
    if (state.status === 'submitted')
      show({ status: 'submitted', detail: `Not followed any further. ${why}` });
    else await enter({ status: 'abandoned', detail: why });
    if (!abandonment)
      throw new CancelledFailure('The adjustment was abandoned, because its workflow was cancelled.');
  }

  /** A step in the ledger and in the UI. Once decided it is written, whatever is cancelled meanwhile. */
  async function enter(step: Step): Promise<void> {
    const outcome = { conversionId, adjustmentId: current?.id ?? '', ...step };
    await CancellationScope.nonCancellable(() => recordAdjustment(outcome));
    show(step);
  }

  function show({ status, parkReason, detail }: Step): void {
    const parked = status === 'parked';
    if (parked !== (state.status === 'parked')) showParked(parked, parkReason);
    state = {
      conversionId,
      ...(current ? { adjustmentId: current.id } : {}),
      status,
      ...(parkReason ? { reason: parkReason } : {}),
      ...(detail ? { detail } : {}),
      timesParked: state.timesParked + (parked ? 1 : 0),
    };
    setCurrentDetails(stateDetails(state));
  }
}
