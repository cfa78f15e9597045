import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Conversion } from '../src/domain/conversion.js';
import type { AskingTimes } from '../src/domain/impact-times.js';
import type { Progress } from '../src/domain/next-step.js';
import { claimSubmission, releaseSubmission } from '../src/ledger/claim-submission.js';
import { findConversion } from '../src/ledger/find-conversion.js';
import { recordStep } from '../src/ledger/record-step.js';
import { markSubmitted } from '../src/ledger/settle-submission.js';
import type { ActivityDeps } from './deps.js';
import { isAmbiguous, toApplicationFailure } from './impact-failure.js';
import { orderOf, toReport } from './to-report.js';
import { progressAfter } from './wake-children.js';

export type ReportResult =
  | { outcome: 'recorded'; progress: Progress }
  /** Impact has acknowledged it, and the ledger could not be reached: the workflow records the receipt. */
  | { outcome: 'not_recorded'; queuedUri?: string }
  | { outcome: 'may_have_arrived'; reason: string; detail: string; lookUp: AskingTimes };

/**
 * Each look counts as an attempt, and a later failure waits for the backoff of all attempts together. So there are few: a
 * claim lapses after six of them.
 */
const LOOK_AGAIN_MS = 5_000;

/**
 * Reports a conversion to Impact, unless the ledger says that Impact has it. Retries, `workflow reset` and redeploys all
 * come through here, and none of them makes a second POST that Impact has acknowledged. A conversion that may have
 * arrived is looked up at Impact before it is sent again.
 * @param lookedUpAt when Impact was last queried for this order and did not have it
 */
export async function reportConversion(
  deps: ActivityDeps,
  conversionId: string,
  lookedUpAt?: string,
): Promise<ReportResult> {
  const { programme, impact } = deps;
  const conversion = await findConversion(deps.db, conversionId);
  if (conversion.submission?.state === 'queued' || conversion.status === 'reversed')
    return recorded(deps, conversion);
  if (!impact) {
    const skipped = { status: 'skipped', reason: 'provider_not_configured' } as const;
    return recorded(deps, await recordStep(deps, conversionId, { kind: 'report' }, skipped));
  }

  // Without its click, that of an erased user is only looked up.
  const { orderId } = conversion.erasedAt
    ? orderOf(programme, conversion, new Date())
    : toReport(programme, conversion);
  const claim = await claimSubmission(deps, conversionId, orderId, lookedUpAt);
  if (claim.state === 'settled') return recorded(deps, claim.conversion);
  if (claim.state === 'may-have-arrived')
    return mayHaveArrived(deps, 'worker_timeout', 'An attempt never ended.');
  if (claim.state === 'in-flight') {
    throw ApplicationFailure.create({
      type: 'report_in_flight',
      message: 'Another attempt to report this conversion is under way; waiting for its outcome.',
      nextRetryDelay: LOOK_AGAIN_MS,
    });
  }

  let queuedUri: string | undefined;
  try {
    // From the claimed document: an amount that has changed meanwhile goes out with it.
    ({ queuedUri } = await impact.submitConversion(toReport(programme, claim.conversion)));
    log.info('conversion reported', { conversionId, orderId, queuedUri });
  } catch (error) {
    // Where the ledger cannot be reached, the claim lapses by itself.
    await releaseSubmission(deps, conversionId, isAmbiguous(error)).catch((failed) =>
      log.warn('claim not released, it lapses', { conversionId, error: String(failed) }),
    );
    if (isAmbiguous(error)) return mayHaveArrived(deps, error.code, error.message);
    throw toApplicationFailure(error);
  }
  const submitted = await recordReceipt(deps, conversionId, queuedUri);
  if (submitted) return recorded(deps, submitted);
  return { outcome: 'not_recorded', ...(queuedUri !== undefined && { queuedUri }) };
}

/** Impact's acknowledgement must survive a database that is away for a moment: then the result carries it. */
async function recordReceipt(deps: ActivityDeps, id: string, queuedUri?: string): Promise<Conversion | null> {
  try {
    return await markSubmitted(deps, id, queuedUri);
  } catch (error) {
    log.warn('receipt not recorded yet, the workflow will', { conversionId: id, error: String(error) });
    return null;
  }
}

async function recorded(deps: ActivityDeps, conversion: Conversion): Promise<ReportResult> {
  return { outcome: 'recorded', progress: await progressAfter(deps, conversion) };
}

function mayHaveArrived({ lookUp }: ActivityDeps, reason: string, detail: string): ReportResult {
  return { outcome: 'may_have_arrived', reason, detail, lookUp };
}
