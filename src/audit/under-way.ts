import type { AdjustmentStatus } from '../domain/adjustment.js';
import type { AdjustmentSide } from './sides.js';

/** An Action takes up to half an hour to appear. https://integrations.impact.com/integration-guides/end-to-end-tests */
const PROCESSING_MS = 3_600_000;

const STILL_TO_BE_SENT: readonly AdjustmentStatus[] = ['pending', 'reporting', 'parked'];

/** It was sent so recently that Impact may not show it yet. */
export function isYoung(sentAt: Date | undefined, now: Date): boolean {
  return sentAt !== undefined && now.getTime() - sentAt.getTime() < PROCESSING_MS;
}

/**
 * What cannot go on is parked, and found there. What was sent and never confirmed, because nobody asks or asks any
 * more, is the audit's business once Impact has had its time.
 */
export function isUnderWay({ status, sentAt }: AdjustmentSide, now: Date): boolean {
  return STILL_TO_BE_SENT.includes(status) || (status === 'submitted' && isYoung(sentAt, now));
}
