import { firstOf, isOpen, reversalOf } from './adjustment.js';
import { type Conversion, type ConversionStatus, lineOfReason } from './conversion.js';
import { hasPromoCode } from './decide.js';
import { CONFIRM_WITHIN_MS } from './impact-times.js';
import type { Programme } from './programme/programme.js';

/**
 * What a conversion's workflow has to do next. The ledger alone decides it: a workflow keeps no memory of its own, so a
 * run that is reset, or that begins a year later because of a refund, goes on from what the ledger says.
 */
export type Step =
  | {
      kind: 'report';
      attribution: LoadedAttribution | null;
      /** It is reported without a click as well. */
      hasPromoCode?: true;
      /** Its user was erased: it is not sent, and only looked up if it may have arrived. */
      isErased?: true;
      /** It waits for its parent first. */
      after?: true;
    }
  /** Ask Impact what became of the conversion, or of an adjustment that it has queued. */
  | { kind: 'confirm'; afterMs: number; withinMs: number; adjustmentId?: string | undefined }
  | { kind: 'adjust'; adjustmentId: string }
  /** Parked: wait for an operator. */
  | { kind: 'wait'; reason: string; detail: string; adjustmentId?: string | undefined };

/** Times are ISO 8601, as the results of activities are JSON. */
export interface LoadedAttribution {
  campaignEventId: string;
  capturedAt: string;
  occurredAt: string;
}

/** Where a conversion stands, or the adjustment that was just worked on, and what is next. */
export interface Progress {
  status: ConversionStatus;
  adjustmentId?: string | undefined;
  reason?: string | undefined;
  detail?: string | undefined;
  next: Step | null;
}

/** The step that a decision ends. `load`: the run has only just begun. */
export interface StepTaken {
  kind: Step['kind'] | 'load';
  adjustmentId?: string | undefined;
}

/** What a workflow decides by itself; the activities record everything else as they do it. */
export type Decision =
  | { status: 'skipped'; reason: string; detail?: string }
  | { status: 'submitted'; queuedUri?: string | undefined }
  | { status: 'confirmed'; detail: string }
  | { status: 'parked'; reason: string; detail: string; turnedDown?: true | undefined }
  | { status: 'resumed'; detail: string }
  | { status: 'abandoned'; reason?: string; detail: string };

export interface FollowOptions {
  /** How long after Impact's receipt to ask what became of it; `null`: never. */
  confirmAfterMs: number | null;
  /** How long to ask altogether. */
  confirmWithinMs: number;
}

export interface StepOptions extends FollowOptions {
  programme: Pick<Programme, 'parentOf'>;
}

/** A day more than a workflow asks at most, so that none is taken for finished too early. */
export const FOLLOW_MS = CONFIRM_WITHIN_MS + 86_400_000;

/** @returns null where the workflow has nothing to do */
export function nextStep(conversion: Conversion, options: StepOptions, now = new Date()): Step | null {
  const { status, submission } = conversion;
  switch (status) {
    case 'pending':
    case 'reporting':
      // An attempt to send it has ended the waiting for good.
      return !submission && options.programme.parentOf(conversion.campaignEventId)
        ? { ...reportStep(conversion), after: true }
        : reportStep(conversion);
    case 'parked':
      // A reversal since then ends the waiting, unless Impact has the conversion: reporting it finds out.
      return submission?.state !== 'queued' && isReversedSinceParked(conversion)
        ? reportStep(conversion)
        : waitStep(conversion.reason, lineOfReason(conversion)?.detail);
    case 'submitted':
      return confirmStep(submission?.followUntil, options, now) ?? nextAdjustment(conversion, options, now);
    case 'reversed':
    case 'declined':
      // Nothing of it is at Impact that could be adjusted.
      return null;
    default:
      return nextAdjustment(conversion, options, now);
  }
}

export function progressOf(conversion: Conversion, options: StepOptions, adjustmentId?: string): Progress {
  const next = nextStep(conversion, options);
  const { status, reason, timeline } = conversion;
  const adjustment = conversion.adjustments?.find(({ id }) => id === adjustmentId);
  if (!adjustment || !isOpen(adjustment)) return { status, reason, detail: timeline.at(-1)?.detail, next };
  return {
    status: adjustment.status === 'pending' ? 'reporting' : adjustment.status,
    adjustmentId,
    reason: adjustment.parkReason,
    detail: adjustment.detail,
    next,
  };
}

function reportStep(conversion: Conversion): Extract<Step, { kind: 'report' }> {
  const { attribution, campaignEventId, occurredAt } = conversion;
  if (conversion.erasedAt) return { kind: 'report', attribution: null, isErased: true };
  const credit = hasPromoCode(conversion) ? ({ hasPromoCode: true } as const) : {};
  if (!attribution) return { kind: 'report', attribution: null, ...credit };
  const capturedAt = attribution.capturedAt.toISOString();
  const loaded = { campaignEventId, capturedAt, occurredAt: occurredAt.toISOString() };
  return { kind: 'report', attribution: loaded, ...credit };
}

function confirmStep(
  followUntil: Date | undefined,
  { confirmAfterMs, confirmWithinMs }: FollowOptions,
  now: Date,
  adjustmentId?: string,
): Step | null {
  if (confirmAfterMs === null || !followUntil || followUntil <= now) return null;
  return { kind: 'confirm', afterMs: confirmAfterMs, withinMs: confirmWithinMs, adjustmentId };
}

function nextAdjustment(conversion: Conversion, options: FollowOptions, now: Date): Step | null {
  // An open reversal comes before amounts, and after it none of them matters.
  const first = firstOf((conversion.adjustments ?? []).filter(isOpen));
  if (!first) return null;
  const { id: adjustmentId, status, parkReason, detail, followUntil } = first;
  if (status === 'submitted') return confirmStep(followUntil, options, now, adjustmentId);
  if (status !== 'parked') return { kind: 'adjust', adjustmentId };
  return waitStep(parkReason, detail, adjustmentId);
}

function isReversedSinceParked(conversion: Conversion): boolean {
  const reversal = reversalOf(conversion);
  const parkedAt = lineOfReason(conversion)?.at;
  return reversal !== undefined && isOpen(reversal) && !(parkedAt && reversal.requestedAt <= parkedAt);
}

function waitStep(reason = 'unexpected_error', detail = '', adjustmentId?: string): Step {
  return { kind: 'wait', reason, detail, adjustmentId };
}
