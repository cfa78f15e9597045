import type { Adjustment } from './adjustment.js';
import type { Attribution } from './attribution.js';

/**
 * One conversion from birth to end.
 *
 *   pending → reporting → submitted → confirmed
 *           ↘ skipped   ↘ parked ⇄    ↘ declined
 *                         ↘ abandoned                    any of them → reversed
 *
 * `pending`: recorded; its workflow has not begun. `reporting`: its workflow runs. `submitted`: Impact has acknowledged
 * it, and it is not sent again. `confirmed`: Impact accepted it. `declined`: Impact processed it and will not credit it,
 * for a reason that no human here can change. `skipped`: there is nothing to report, with the reason. `parked`: it waits
 * for a human. `abandoned`: a human decided against it. `reversed`: it was taken back, before it was sent or at Impact,
 * so that the partner is not paid for it.
 */
export const CONVERSION_STATUSES = [
  'pending',
  'reporting',
  'submitted',
  'confirmed',
  'declined',
  'skipped',
  'parked',
  'abandoned',
  'reversed',
] as const;

export type ConversionStatus = (typeof CONVERSION_STATUSES)[number];

/** Its workflow, or a human, still has to do something before Impact has it. */
export const UNSETTLED: readonly ConversionStatus[] = ['pending', 'reporting', 'parked'];

/** The programme, a human or Impact decided against it: Impact has nothing of it. It can be reported after all, on purpose. */
export const DECIDED_AGAINST: readonly ConversionStatus[] = ['skipped', 'abandoned', 'declined'];

export const SKIP_REASONS = [
  'user_not_found',
  'no_attribution',
  'click_after_event',
  'click_history_too_short',
  'outside_referral_window',
  'provider_not_configured',
  'order_not_found',
  'user_erased',
] as const;

export type SkipReason = (typeof SKIP_REASONS)[number];

export const USER_ERASED = 'user_erased' satisfies SkipReason;

/**
 * The service could not report a conversion with this skip reason, and no rule decided against it. Once the cause is fixed, a
 * retry reports it. A conversion with another skip reason needs a restart.
 */
export function isFixableSkip({ status, reason }: Pick<Conversion, 'status' | 'reason'>): boolean {
  return status === 'skipped' && reason === ('provider_not_configured' satisfies SkipReason);
}

/** The reason of a conversion that was decided against, and is pending again because an operator wants it reported. */
export const RESTARTED = 'restarted';

/** It may have had a workflow before. */
export function isRestarted({ status, reason }: Pick<Conversion, 'status' | 'reason'>): boolean {
  return status === 'pending' && reason === RESTARTED;
}

/** How long a conversion waits for a user whom this service does not know yet, by default. */
export const HELD_DAYS = 30;

/** A user id is an ObjectId. */
export const USER_ID = /^[0-9a-f]{24}$/;

export interface Conversion {
  _id: string;
  campaignEventId: string;
  userId: string;
  occurredAt: Date;
  payload: Record<string, unknown>;
  /** The click that held when the event happened. */
  attribution: Attribution | null;
  status: ConversionStatus;
  reason?: string;
  submission?: Submission;
  /** W3C trace context of the request that recorded it: its workflow is started in the same trace. */
  traceparent?: string;
  /** Refunds and other amounts, oldest first. */
  adjustments?: Adjustment[];
  timeline: TimelineEntry[];
  createdAt: Date;
  updatedAt: Date;
  /** When its user was erased. What said who the user is, and how they came, is gone; the rest stays (domain/erasure.ts). */
  erasedAt?: Date;
}

/** It waits for its user or its order, and has no workflow yet. */
export function isHeld({ status, reason }: Pick<Conversion, 'status' | 'reason'>): boolean {
  return status === 'skipped' && (reason === 'user_not_found' || reason === 'order_not_found');
}

/** A refund or a new amount came before its order, and waits for it in this document. */
export function isPlaceholder({ status, reason }: Pick<Conversion, 'status' | 'reason'>): boolean {
  return status === 'skipped' && reason === ('order_not_found' satisfies SkipReason);
}

/** Impact has it, or may have it. */
export function isSent({ submission }: Pick<Conversion, 'submission'>): boolean {
  return submission?.state === 'queued' || submission?.state === 'sending';
}

/**
 * The request to Impact, as far as the ledger knows. `sending` may have arrived; `queued` is Impact's acknowledgement;
 * `rejected` was acknowledged first and turned down later, so that nothing of it is at Impact.
 */
export interface Submission {
  state: 'sending' | 'queued' | 'rejected';
  orderId: string;
  attempts: number;
  sentAt: Date;
  /** Until then an attempt is under way somewhere, and no other may begin. */
  inFlightUntil?: Date;
  queuedUri?: string;
  /** Until then its workflow asks Impact what became of it. */
  followUntil?: Date;
}

export interface TimelineEntry {
  at: Date;
  status: ConversionStatus;
  reason?: string;
  detail?: string;
}

/** The line of the timeline that gave it its reason. The lines about its adjustments have the same status, and another reason. */
export function lineOfReason({ status, reason, timeline }: Conversion): TimelineEntry | undefined {
  return timeline.findLast((entry) => entry.status === status && entry.reason === reason);
}

/** A pure function of the event, so that reporting the same event again finds the same conversion. */
export function conversionId(campaignEventId: string, key: string): string {
  return `${campaignEventId}:${key}`;
}

/** Readable in the Temporal UI: `conversion/<event>/<key>`. */
export function workflowId(id: string): string {
  return `conversion/${id.replace(':', '/')}`;
}

/** Temporal's `limit.maxIDLength` in docker-compose.yml, because PostgreSQL's columns hold 255 characters. Temporal counts bytes. */
export const MAX_WORKFLOW_ID_BYTES = 255;

/** How long the key of an event's conversion may be, in UTF-8: Temporal would never start its workflow otherwise. */
export function maxKeyBytes(campaignEventId: string): number {
  return MAX_WORKFLOW_ID_BYTES - utf8Length(workflowId(conversionId(campaignEventId, '')));
}

export function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** @returns undefined for the workflow of something else */
export function conversionIdOf(workflowId: string): string | undefined {
  const [, campaignEventId, key] = /^conversion\/([^/]+)\/(.+)$/s.exec(workflowId) ?? [];
  return campaignEventId === undefined || key === undefined ? undefined : conversionId(campaignEventId, key);
}

export function campaignEventIdOf(id: string): string {
  return id.slice(0, id.indexOf(':'));
}
