import { log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { type Adjustment, isOpen } from '../src/domain/adjustment.js';
import type { Conversion } from '../src/domain/conversion.js';
import { progressOf } from '../src/domain/next-step.js';
import { findAdjustment } from '../src/ledger/find-conversion.js';
import { beginAdjustment, recordAdjustment } from '../src/ledger/record-adjustment.js';
import type { ActivityDeps } from './deps.js';
import { askImpact, requireImpact } from './impact-failure.js';
import { adjustedAmount, adjustedItems, orderOf } from './to-report.js';

/**
 * Reverses the Action of an order, or sets its amount. Sent twice it does the same as sent once: an Action is reversed
 * or it is not, and the amount is the whole amount. So an ambiguous outcome is simply tried again.
 * @throws ApplicationFailure `conversion_processing`, retryable, while Impact may not have the Action yet
 */
export async function sendAdjustment(deps: ActivityDeps, conversionId: string, adjustmentId: string) {
  const { conversion, adjustment } = await findAdjustment(deps.db, conversionId, adjustmentId);
  if (adjustment.status === 'submitted' || !isOpen(adjustment))
    return progressOf(conversion, deps, adjustmentId);
  requireImpact(deps.impact);
  await beginAdjustment(deps, conversionId, adjustmentId);
  waitUntilProcessed(deps, conversion);
  const { queuedUri } = await send(deps, conversion, adjustment);
  log.info('adjustment sent', { conversionId, adjustmentId, queuedUri });
  const receipt = { status: 'submitted', queuedUri } as const;
  const submitted = await recordAdjustment(deps, conversionId, adjustmentId, receipt);
  return progressOf(submitted, deps, adjustmentId);
}

/** The Action of an unconfirmed conversion may not be there yet. */
function waitUntilProcessed({ lookUp }: ActivityDeps, { status, submission }: Conversion): void {
  const waitMs = (submission?.sentAt?.getTime() ?? 0) + lookUp.afterMs - Date.now();
  if (status === 'confirmed' || waitMs <= 0) return;
  throw ApplicationFailure.create({
    type: 'conversion_processing',
    message: 'Impact may not have processed the conversion yet.',
    nextRetryDelay: waitMs,
  });
}

function send({ programme, impact }: ActivityDeps, conversion: Conversion, adjustment: Adjustment) {
  const { kind, reason } = adjustment;
  const { actionTrackerId, orderId } = orderOf(programme, conversion, new Date());
  return askImpact(impact, (client) => {
    if (kind === 'reversal') return client.reverseAction({ actionTrackerId, orderId, reason });
    const { amount = '' } = adjustedAmount(programme, conversion, adjustment) ?? {};
    const items = adjustedItems(conversion, adjustment);
    return client.updateAction({ actionTrackerId, orderId, reason, amount, items });
  });
}
