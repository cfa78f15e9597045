import {
  CancellationScope,
  CancelledFailure,
  defineQuery,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  sleep,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Outcome } from '../activities/record-outcome.js';
import { SIGNALS, STATUS_QUERY } from '../src/domain/workflow-names.js';
import { LEDGER, LOOKING_UP, READING, SENDING } from './activity-options.js';
import { stateDetails } from './current-details.js';
import { CannotGoOn, type Failure, toFailure } from './failure.js';
import { listenToOperators, noteText } from './operators.js';
import { startReversal } from './start-reversal.js';
import { createParkedPage, showParked } from './visible-state.js';
import { confirmWaitsMs, LOOK_UP_WAITS_MS } from './waits.js';

/**
 * Reports one conversion to Impact, once. Whatever cannot go on without a human is parked: it waits for
 * `retry` or `abandon`, as long as that takes. There is no execution timeout, which would end what is parked.
 *
 * A refund or another amount is in the ledger before the signal `adjustment` tells of it. What was not sent is then never
 * sent: the ledger refuses the next attempt. What was is followed to its end, and a ReversalWorkflow does the rest.
 *
 * A bug in this file (a plain Error) fails the workflow task, not the workflow: it stays Running, and goes on
 * when the mend is deployed.
 */
export interface ConversionInput {
  conversionId: string;
  /** Somebody ended the workflow before this one from outside: whether it goes on is for a human to say. */
  parkFirst?: Failure;
  /** That one had Impact's acknowledgement. */
  submission?: 'queued';
}

export interface ConversionState extends Outcome {
  timesParked: number;
}

type Step = Omit<Outcome, 'conversionId' | 'submission'>;

/** That the ledger has something new. A reversal ends the waiting of what is parked and was not sent. */
export const adjustmentSignal = defineSignal<[{ reversal?: boolean; amount?: boolean }?]>(SIGNALS.adjust);
export const statusQuery = defineQuery<ConversionState>(STATUS_QUERY);

const { loadAttribution, checkReferralWindow, recordOutcome } = proxyLocalActivities<Activities>(LEDGER);
const { reportConversion } = proxyActivities<Activities>(SENDING);
const { confirmSubmission } = proxyActivities<Activities>(READING);
const { findOrder } = proxyActivities<Activities>(LOOKING_UP);

export async function ConversionWorkflow(input: ConversionInput): Promise<ConversionState> {
  const { conversionId, parkFirst } = input;
  let state: ConversionState = { conversionId, status: 'reporting', timesParked: 0 };
  /** What became of the request to Impact, once it has been acknowledged. */
  let submission: Outcome['submission'] = input.submission;
  let adjustmentsOpen = false;
  let reversed = false;
  const showParkedPage = createParkedPage();
  const reporting = new CancellationScope();
  const operators = listenToOperators(() => reporting.cancel());

  setHandler(statusQuery, () => state, { description: 'Where this conversion stands, and why.' });
  setHandler(
    adjustmentSignal,
    (adjustment) => {
      adjustmentsOpen = true;
      reversed ||= adjustment?.reversal === true;
    },
    { description: 'Sent by the API: the ledger has a refund or another amount for this conversion.' },
  );

  let cancelled = false;
  try {
    await reporting.run(reportUntilDone);
  } catch (error) {
    if (!reporting.consideredCancelled) throw error;
    cancelled = operators.abandonment() === undefined;
    await giveUp();
  }
  // Whatever it has come to: what is left to adjustment is for a workflow of its own.
  if (adjustmentsOpen && state.status !== 'reversed')
    await CancellationScope.nonCancellable(() => startReversal(conversionId));
  if (cancelled)
    throw new CancelledFailure('The conversion was abandoned, because its workflow was cancelled.');
  return state;

  async function reportUntilDone(): Promise<void> {
    if (parkFirst) await park(parkFirst);
    for (;;) {
      try {
        await report();
        return;
      } catch (error) {
        if (reporting.consideredCancelled) throw error;
        await park(toFailure(error));
      }
    }
  }

  async function report(): Promise<ConversionState> {
    operators.forgetRetry();
    const attribution = await loadAttribution(conversionId);
    if (!attribution) return enter({ status: 'skipped', reason: 'no_attribution' });
    const { inside, detail } = await checkReferralWindow(attribution);
    if (!inside) return enter({ status: 'skipped', reason: 'outside_referral_window', detail });
    const result = await send();
    if (result.outcome === 'skipped') return enter({ status: 'skipped', reason: result.reason });
    if (result.outcome === 'reversed')
      return enter({ status: 'reversed', detail: 'Taken back: nothing of it is at Impact.' });
    if (result.outcome === 'found') return enter({ status: 'confirmed', detail: result.detail });
    submission = 'queued';
    const submitted = {
      status: 'submitted',
      ...(result.queuedUri ? { queuedUri: result.queuedUri } : {}),
    } as const;
    if (result.recorded) show(submitted);
    else await enter(submitted);
    return result.confirmAfterMs === undefined ? state : confirm(result.confirmAfterMs);
  }

  /** What may have arrived is looked up at Impact before it is sent again. */
  async function send() {
    let lookedUpAt: string | undefined;
    let uncertain: { reason: string; detail: string } | undefined;
    for (const waitMs of LOOK_UP_WAITS_MS) {
      const result = await reportConversion(conversionId, lookedUpAt);
      if (result.outcome !== 'may_have_arrived') return result;
      uncertain = result;
      const next = `It is looked up at Impact ${new Date(Date.now() + waitMs).toISOString()}, before it is sent again.`;
      show({ status: 'reporting', reason: result.reason, detail: `${result.detail} ${next}` });
      await sleep(waitMs, { summary: 'until Impact has had time to process it' });
      const order = await findOrder(conversionId);
      if (order.found)
        return { outcome: 'found', detail: `Impact has it as action ${order.actionId}.` } as const;
      lookedUpAt = order.lookedUpAt;
    }
    throw new CannotGoOn(
      uncertain?.reason ?? 'impact_timeout',
      `${uncertain?.detail} So it was for two days.`,
    );
  }

  /** A receipt says "queued": whether Impact accepted it is known later. */
  async function confirm(afterMs: number): Promise<ConversionState> {
    for (const waitMs of confirmWaitsMs(afterMs)) {
      await sleep(waitMs, { summary: 'until Impact has processed it' });
      const confirmation = await confirmSubmission(conversionId);
      if (confirmation.state === 'confirmed')
        return enter({ status: 'confirmed', detail: confirmation.detail });
      if (confirmation.state === 'rejected') {
        submission = 'rejected';
        throw new CannotGoOn(confirmation.reason, confirmation.detail);
      }
      if (confirmation.state === 'unknown')
        throw new CannotGoOn('unconfirmed', 'Impact does not know the submission.');
    }
    throw new CannotGoOn('unconfirmed', 'After three days Impact still had not processed it.');
  }

  /** Waits for a human, who retries (this returns) or abandons (the scope is cancelled), or for a refund. */
  async function park(failure: Failure): Promise<void> {
    await enter({ status: 'parked', reason: failure.reason, detail: failure.message });
    showParkedPage(failure, state.timesParked);
    const retry = await operators.untilRetry(() => reversed && submission !== 'queued');
    // A retry of what Impact has acknowledged asks for it again; it does not send again.
    const status = submission === 'queued' ? 'submitted' : 'reporting';
    await enter({ status, detail: retry ? noteText('Retried', retry) : 'It is to be reversed.' });
  }

  /** Abandoned, or cancelled from outside. What Impact has acknowledged stays so; only nobody asks about it any more. */
  async function giveUp(): Promise<void> {
    const abandonment = operators.abandonment();
    const why = abandonment ? noteText('Abandoned', abandonment) : 'The workflow was cancelled.';
    const caveat =
      state.status === 'reporting' && state.reason ? ' An attempt may have arrived at Impact.' : '';
    if (state.status === 'submitted') show({ ...state, detail: `Not followed any further. ${why}` });
    else
      await enter({
        status: 'abandoned',
        detail: why + caveat,
        ...(abandonment ? {} : { reason: 'cancelled' }),
      });
  }

  /** A step in the ledger and in the UI. Once decided it is written, whatever is cancelled meanwhile. */
  async function enter(step: Step): Promise<ConversionState> {
    const outcome = { conversionId, ...step, ...(submission ? { submission } : {}) };
    const recorded = await CancellationScope.nonCancellable(() => recordOutcome(outcome));
    adjustmentsOpen ||= recorded.adjustmentsOpen;
    return show(step);
  }

  function show(step: Step): ConversionState {
    const parked = step.status === 'parked';
    if (parked !== (state.status === 'parked')) showParked(parked, step.reason);
    state = { conversionId, timesParked: state.timesParked + (parked ? 1 : 0), ...step };
    setCurrentDetails(stateDetails(state));
    return state;
  }
}
