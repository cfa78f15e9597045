import { activityInfo, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { Change } from '../../src/domain/adjustment.js';
import type { Conversion } from '../../src/domain/conversion.js';
import type { ImpactClient } from '../../src/impact/client.js';
import { orderOf } from '../find-order.js';
import { requireImpact, toApplicationFailure } from '../impact-failure.js';
import type { ReportConversionDeps } from '../report-conversion.js';
import { detailsWithAmount } from './details-with-amount.js';
import { findChange } from './find-change.js';
import { updateChange } from './record-change.js';

export interface SentChange {
  queuedUri?: string;
  /** How long after the receipt to ask what became of it; none: nobody asks. */
  confirmAfterMs?: number;
}

/** An Action takes up to half an hour to appear. https://integrations.impact.com/integration-guides/end-to-end-tests */
const PROCESSING_MS = 30 * 60_000;

/**
 * Reverses the Action of an order, or sets its amount. Sent twice it does the same as sent once: an Action is reversed
 * or it is not, and the amount is the whole amount. So an ambiguous outcome is simply tried again.
 */
export function createSendChange(deps: ReportConversionDeps) {
  const { db, confirmAfterMs } = deps;
  return async function sendChange(conversionId: string, changeId: string): Promise<SentChange> {
    const { conversion, change } = await findChange(db, conversionId, changeId);
    const sent = change.status === 'submitted' ? receiptOf(change) : await send(deps, conversion, change);
    // Without its id nobody can ask for a submission.
    return sent.queuedUri === undefined || confirmAfterMs === null ? sent : { ...sent, confirmAfterMs };
  };
}

async function send(
  deps: ReportConversionDeps,
  conversion: Conversion,
  change: Change,
): Promise<{ queuedUri?: string }> {
  const impact = requireImpact(deps.impact);
  waitUntilProcessed(conversion);
  try {
    const receipt = await request(deps, impact, conversion, change);
    const detail = receipt.queuedUri ? `Impact queued it as ${receipt.queuedUri}.` : 'Impact queued it.';
    log.info('change sent', { conversionId: conversion._id, changeId: change.id, ...receipt });
    await updateChange(deps.db, conversion._id, change.id, { status: 'submitted', detail, ...receipt });
    return receipt;
  } catch (error) {
    throw toApplicationFailure(error, activityInfo().attempt);
  }
}

function request(
  { campaignEvents }: ReportConversionDeps,
  impact: ImpactClient,
  conversion: Conversion,
  change: Change,
): Promise<{ queuedUri?: string }> {
  const { kind, reason } = change;
  const { actionTrackerId, orderId } = orderOf(campaignEvents, conversion, new Date());
  if (kind === 'reversal') return impact.reverseAction({ actionTrackerId, orderId, reason });
  const { amount = '' } = detailsWithAmount(campaignEvents, conversion, change);
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

function receiptOf({ queuedUri }: Change): { queuedUri?: string } {
  return queuedUri === undefined ? {} : { queuedUri };
}
