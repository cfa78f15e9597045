import {
  CancellationScope,
  CancelledFailure,
  condition,
  defineQuery,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Outcome } from '../activities/record-outcome.js';
import { SEARCH_ATTRIBUTES, SIGNALS, STATUS_QUERY, TASK_QUEUES } from '../src/domain/conversion-workflow.js';
import { noteText, parkedDetails, stateDetails, toNote } from './current-details.js';
import { type Failure, toFailure } from './failure.js';

/**
 * Reports one conversion to Impact, once. Whatever cannot go on without a human is parked: it waits for
 * `retry` or `abandon`, as long as that takes. There is no execution timeout, which would end what is parked.
 *
 * A bug in this file (a plain Error) fails the workflow task, not the workflow: it stays Running, and goes on
 * when the mend is deployed.
 */
export interface ConversionInput {
  conversionId: string;
}

export interface ConversionState extends Outcome {
  timesParked: number;
}

type Step = Omit<Outcome, 'conversionId'>;

/** Who sends a signal, and why, if they say. Whatever else the UI sends is ignored. */
export interface OperatorNote {
  by?: string;
  reason?: string;
}

export const retrySignal = defineSignal<[OperatorNote?]>(SIGNALS.retry);
export const abandonSignal = defineSignal<[OperatorNote?]>(SIGNALS.abandon);
export const statusQuery = defineQuery<ConversionState>(STATUS_QUERY);

/** MongoDB away is waited for, without a limit; a longer backoff becomes a timer, which keeps the history short. */
const { loadAttribution, checkReferralWindow, recordOutcome } = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10s',
  localRetryThreshold: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '1m' },
});

const { reportConversion } = proxyActivities<Activities>({
  taskQueue: TASK_QUEUES.impact,
  // The HTTP client gives up before (20 s at most), so this only ever catches a worker that died.
  startToCloseTimeout: '30s',
  // 1 s doubling to 15 min: 200 attempts are 48 h. Counted in attempts, not as a scheduleToCloseTimeout,
  // so that the time spent waiting behind a rate limit or a pause uses nothing up.
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '15m', maximumAttempts: 200 },
  // What is on the wire is waited for: its outcome decides whether abandoning came in time.
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
});

export async function ConversionWorkflow({ conversionId }: ConversionInput): Promise<ConversionState> {
  let state: ConversionState = { conversionId, status: 'reporting', timesParked: 0 };
  let retry: OperatorNote | undefined;
  let abandonment: OperatorNote | undefined;
  const reporting = new CancellationScope();

  setHandler(statusQuery, () => state, { description: 'Where this conversion stands, and why.' });
  setHandler(
    retrySignal,
    (note) => {
      retry = toNote(note);
    },
    { description: 'Parked: try again now. Optional input: {"by": "…"}' },
  );
  setHandler(
    abandonSignal,
    (note) => {
      abandonment = toNote(note);
      reporting.cancel();
    },
    { description: 'Give it up, so that it is never reported. Optional input: {"by": "…", "reason": "…"}' },
  );

  try {
    return await reporting.run(reportUntilDone);
  } catch (error) {
    if (!reporting.consideredCancelled) throw error;
    if (abandonment) return enter({ status: 'abandoned', detail: noteText('Abandoned', abandonment) });
    await enter({ status: 'abandoned', reason: 'cancelled', detail: 'The workflow was cancelled.' });
    throw new CancelledFailure('The conversion was abandoned, because its workflow was cancelled.');
  }

  async function reportUntilDone(): Promise<ConversionState> {
    for (;;) {
      try {
        return await report();
      } catch (error) {
        if (reporting.consideredCancelled) throw error;
        await park(toFailure(error));
      }
    }
  }

  async function report(): Promise<ConversionState> {
    const attribution = await loadAttribution(conversionId);
    if (!attribution) return enter({ status: 'skipped', reason: 'no_attribution' });
    const { inside, detail } = await checkReferralWindow(attribution);
    if (!inside) return enter({ status: 'skipped', reason: 'outside_referral_window', detail });
    const result = await reportConversion(conversionId);
    if (result.outcome === 'skipped') return enter({ status: 'skipped', reason: result.reason });
    const submitted = {
      status: 'submitted',
      ...(result.queuedUri ? { queuedUri: result.queuedUri } : {}),
    } as const;
    return result.recorded ? show(submitted) : enter(submitted);
  }

  /** Waits for a human, who retries (this returns) or abandons (the scope is cancelled). */
  async function park(failure: Failure): Promise<void> {
    retry = undefined;
    await enter({ status: 'parked', reason: failure.reason, detail: failure.message });
    setCurrentDetails(parkedDetails(failure, new Date(), state.timesParked, workflowInfo().workflowId));
    await condition(() => retry !== undefined);
    await enter({ status: 'reporting', detail: noteText('Retried', retry) });
  }

  /** A step in the ledger and in the UI. Once decided it is written, whatever is cancelled meanwhile. */
  async function enter(step: Step): Promise<ConversionState> {
    await CancellationScope.nonCancellable(() => recordOutcome({ conversionId, ...step }));
    return show(step);
  }

  function show(step: Step): ConversionState {
    const parked = step.status === 'parked';
    if (parked !== (state.status === 'parked')) {
      upsertSearchAttributes([
        { key: SEARCH_ATTRIBUTES.conversionStatus, value: parked ? 'Parked' : 'Reporting' },
        { key: SEARCH_ATTRIBUTES.parkReason, value: parked ? (step.reason ?? null) : null },
      ]);
    }
    state = { conversionId, timesParked: state.timesParked + (parked ? 1 : 0), ...step };
    setCurrentDetails(stateDetails(state));
    return state;
  }
}
