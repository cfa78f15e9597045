import { activityInfo, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Adjustment } from '../src/domain/adjustment.js';
import type { Conversion } from '../src/domain/conversion.js';
import { PROCESSING_MS } from '../src/domain/impact-times.js';
import type { ImpactClient } from '../src/impact/client.js';
import { detailsWithAmount } from './details-with-amount.js';
import { findAdjustment } from './find-adjustment.js';
import { orderOf } from './find-order.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import { updateAdjustment } from './record-adjustment.js';
import type { ReportConversionDeps } from './report-conversion.js';

export interface SentAdjustment {
  queuedUri?: string;
  /** How long after the receipt to ask what became of it; none: nobody asks. */
  confirmAfterMs?: number;
}

/**
 * Reverses the Action of an order, or sets its amount. Sent twice it does the same as sent once: an Action is reversed
 * or it is not, and the amount is the whole amount. So an ambiguous outcome is simply tried again.
 */
export function createSendAdjustment(deps: ReportConversionDeps) {
  const { db, confirmAfterMs } = deps;
  return async function sendAdjustment(conversionId: string, adjustmentId: string): Promise<SentAdjustment> {
    const { conversion, adjustment } = await findAdjustment(db, conversionId, adjustmentId);
    const sent =
      adjustment.status === 'submitted' ? receiptOf(adjustment) : await send(deps, conversion, adjustment);
    // Without its id nobody can ask for a submission.
    return sent.queuedUri === undefined || confirmAfterMs === null ? sent : { ...sent, confirmAfterMs };
  };
}

async function send(
  deps: ReportConversionDeps,
  conversion: Conversion,
  adjustment: Adjustment,
): Promise<{ queuedUri?: string }> {
  const impact = requireImpact(deps.impact);
  waitUntilProcessed(conversion);
  try {
    const receipt = await request(deps, impact, conversion, adjustment);
    const detail = receipt.queuedUri ? `Impact queued it as ${receipt.queuedUri}.` : 'Impact queued it.';
    log.info('adjustment sent', { conversionId: conversion._id, adjustmentId: adjustment.id, ...receipt });
    await updateAdjustment(deps.db, conversion._id, adjustment.id, {
      status: 'submitted',
      detail,
      ...receipt,
    });
    return receipt;
  } catch (error) {
    throw toApplicationFailure(error, activityInfo().attempt);
  }
}

function request(
  { campaignEvents }: ReportConversionDeps,
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

/** Where nobody has confirmed it, there may be no Action yet that could be changed. */
function waitUntilProcessed({ status, submission }: Conversion): void {
  const waitMs = (submission?.sentAt?.getTime() ?? 0) + PROCESSING_MS - Date.now();
  if (status === 'confirmed' || waitMs <= 0) return;
  throw ApplicationFailure.create({
    type: 'conversion_processing',
    message: 'Impact may not have processed the conversion yet.',
    nextRetryDelay: waitMs,
  });
}

function receiptOf({ queuedUri }: Adjustment): { queuedUri?: string } {
  return queuedUri === undefined ? {} : { queuedUri };
}
