import {
  attributionAt,
  type Clicks,
  type FoundAttribution,
  impactClick,
  UNKNOWN_USER,
} from '../domain/attribution.js';
import type { AttributionPolicy } from '../domain/programme/schema.js';
import type { User } from './user.model.js';

/**
 * The clicks that brought a user, oldest first. A user document that has only `attribution.impact` counts as a history of
 * that one click, captured when the document says, or else when the user was created.
 */
export function clicksOf({ attribution, attributionHistory, hasForgottenClicks, createdAt }: User): Clicks {
  if (attributionHistory) return { clicks: attributionHistory, hasGap: hasForgottenClicks };
  const { clickId, capturedAt = createdAt } = attribution?.impact ?? {};
  return { clicks: clickId === undefined ? [] : [impactClick(clickId, capturedAt)] };
}

/** The click that held at this time. */
export function attributionOf(
  user: User | null,
  occurredAt: Date,
  policy: AttributionPolicy,
): FoundAttribution {
  return user ? attributionAt(clicksOf(user), occurredAt, policy) : UNKNOWN_USER;
}

export function isNewest(user: User, clickId: string): boolean {
  return clicksOf(user).clicks.at(-1)?.clickId === clickId;
}

/** A first click may still attribute the user's signup, and the sales since, after the fact. */
export function awaitsSignupClick({ attribution, createdAt }: User, graceMs: number): boolean {
  return !attribution?.impact?.clickId && Date.now() - createdAt.getTime() < graceMs;
}
