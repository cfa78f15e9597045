import { UNSENT_ADJUSTMENT_STATUSES } from '../domain/adjustment.js';
import { PROCESSING_MS } from '../domain/impact-times.js';
import type { AdjustmentSide } from './types.js';

/** The audit allows Impact twice the documented time, so that an Action that is merely late is no finding. */
const ALLOWED_MS = 2 * PROCESSING_MS;

/** It was sent so recently that Impact may not show it yet. */
export function isProcessing(sentAt: Date | undefined, now: Date): boolean {
  return sentAt !== undefined && now.getTime() - sentAt.getTime() < ALLOWED_MS;
}

/**
 * A parked adjustment is in progress too: the lists of parked conversions show it. An adjustment that was sent and not
 * confirmed, because confirmation is off or has ended, is compared once Impact has had its time.
 */
export function isInProgress({ status, sentAt }: AdjustmentSide, now: Date): boolean {
  return UNSENT_ADJUSTMENT_STATUSES.includes(status) || (status === 'submitted' && isProcessing(sentAt, now));
}
