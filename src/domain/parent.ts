import { type Conversion, conversionId, DECIDED_AGAINST, isHeld, lineOfReason } from './conversion.js';
import type { Parent } from './programme/event.js';
import type { StateCode } from './reasons.js';

/**
 * Impact breaks the chain of two actions unless it has tracked the parent before the child, so a child waits for its
 * parent. https://integrations.impact.com/impact-brand/docs/chained-actions
 */
export interface ParentWait {
  isOver: boolean;
  /** When it is over at the latest, if nothing happens meanwhile; without it, there is no limit. */
  until?: Date;
  /** The words for the timeline. They change only when there is another reason to wait. */
  detail: string;
}

/** The reason of a child that waits; its status stays `reporting`. */
export const WAITS_FOR_PARENT = 'waits_for_parent' satisfies StateCode;

type Child = Pick<Conversion, 'userId' | 'createdAt' | 'timeline'>;

/** A parent is a lead, so each user has one at most. */
export function parentIdOf({ userId }: Pick<Conversion, 'userId'>, { eventId }: Parent): string {
  return conversionId(eventId, userId);
}

export function waitForParent(child: Child, parent: Conversion | null, after: Parent, now: Date): ParentWait {
  const { why, until } = stateOf(child, parent, after);
  const isOver = until !== undefined && until <= now;
  const id = parentIdOf(child, after);
  if (isOver) return { isOver, until, detail: `Waits no longer for ${id}: ${why}.` };
  const end = until ? ` It is sent at ${until.toISOString()}.` : '';
  return { isOver, ...(until ? { until } : {}), detail: `Waits for ${id}: ${why}.${end}` };
}

/** Whether the ledger says of the child that it waits, and for this reason. */
export function saysThatItWaits(child: Conversion, { detail }: ParentWait): boolean {
  return child.reason === WAITS_FOR_PARENT && lineOfReason(child)?.detail === detail;
}

const AT_ONCE = new Date(0);
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function stateOf(child: Child, parent: Conversion | null, { minutes, maxHours }: Parent) {
  if (!parent || isHeld(parent)) {
    const why = parent ? 'it is held' : 'the ledger does not have it';
    return { why, until: later(pendingSince(child), maxHours * HOUR_MS) };
  }
  const { status, reason, submission, updatedAt } = parent;
  if (submission?.state === 'queued') {
    const { sentAt } = submission;
    return { why: `Impact got it at ${sentAt.toISOString()}`, until: later(sentAt, minutes * MINUTE_MS) };
  }
  if (status === 'reversed' || DECIDED_AGAINST.includes(status))
    return { why: `it is ${status}`, until: AT_ONCE };
  if (status !== 'parked') return { why: 'it is on its way to Impact' };
  const parkedAt = lineOfReason(parent)?.at ?? updatedAt;
  return { why: `it is parked (${reason})`, until: later(parkedAt, maxHours * HOUR_MS) };
}

/** A held one began to wait only when its user appeared. */
function pendingSince({ timeline, createdAt }: Child): Date {
  return timeline.findLast(({ status }) => status === 'pending')?.at ?? createdAt;
}

function later(date: Date, ms: number): Date {
  return new Date(date.getTime() + ms);
}
