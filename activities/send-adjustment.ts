import { activityInfo, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Adjustment, isOpen } from '../src/domain/adjustment.js';
import type { Conversion } from '../src/domain/conversion.js';
import { PROCESSING_MS } from '../src/domain/impact-times.js';
import { type Progress, progressOf } from '../src/domain/next-step.js';
import type { ImpactClient } from '../src/impact/client.js';
import { findAdjustment } from '../src/ledger/find-conversion.js';
import { beginAdjustment, markAdjustmentSubmitted } from '../src/ledger/record-adjustment.js';
import type { ActivityDeps } from './deps.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import { detailsWithAmount, orderOf } from './to-report.js';

/**
 * Reverses the Action of an order, or sets its amount. Sent twice it does the same as sent once: an Action is reversed
 * or it is not, and the amount is the whole amount. So an ambiguous outcome is simply tried again.
 * @throws ApplicationFailure `conversion_processing`, retryable, while Impact may not have the Action yet
 */
export function createSendAdjustment(deps: ActivityDeps) {
  return async function sendAdjustment(conversionId: string, adjustmentId: string): Promise<Progress> {
    const { conversion, adjustment } = await findAdjustment(deps.db, conversionId, adjustmentId);
    if (adjustment.status === 'submitted' || !isOpen(adjustment))
      return progressOf(conversion, deps, adjustmentId);
    const impact = requireImpact(deps.impact);
    await beginAdjustment(deps, conversionId, adjustmentId);
    waitUntilProcessed(conversion);
    const { queuedUri } = await send(deps, impact, conversion, adjustment).catch((error: unknown) => {
      throw toApplicationFailure(error, activityInfo().attempt);
    });
    log.info('adjustment sent', { conversionId, adjustmentId, queuedUri });
    const submitted = await markAdjustmentSubmitted(deps, conversionId, adjustmentId, queuedUri);
    return progressOf(submitted, deps, adjustmentId);
  };
}

/** The Action of an unconfirmed conversion may not be there yet. */
function waitUntilProcessed({ status, submission }: Conversion): void {
  const waitMs = (submission?.sentAt?.getTime() ?? 0) + PROCESSING_MS - Date.now();
  if (status === 'confirmed' || waitMs <= 0) return;
  throw ApplicationFailure.create({
    type: 'conversion_processing',
    message: 'Impact may not have processed the conversion yet.',
    nextRetryDelay: waitMs,
  });
}

async function send(
  { campaignEvents }: ActivityDeps,
  impact: ImpactClient,
  conversion: Conversion,
  adjustment: Adjustment,
): Promise<{ queuedUri?: string }> {
  const { kind, reason } = adjustment;
  const { actionTrackerId, orderId } = orderOf(campaignEvents, conversion, new Date());
  if (kind === 'reversal') return impact.reverseAction({ actionTrackerId, orderId, reason });
  const { amount = '' } = detailsWithAmount(campaignEvents, conversion, adjustment);
  return impact.updateAction({ actionTrackerId, orderId, reason, amount });
}
