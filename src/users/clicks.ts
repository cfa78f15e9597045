import {
  type Attribution,
  attributionAt,
  type FoundAttribution,
  impactClick,
  UNKNOWN_USER,
} from '../domain/attribution.js';
import type { User } from './user.model.js';

/**
 * The clicks that brought a user, oldest first. A user document that has only `attribution.impact` counts as a history of
 * that one click, captured when the document says, or else when the user was created.
 */
export function clicksOf({ attribution, attributionHistory, createdAt }: User): readonly Attribution[] {
  if (attributionHistory) return attributionHistory;
  const { clickId, capturedAt = createdAt } = attribution?.impact ?? {};
  return clickId === undefined ? [] : [impactClick(clickId, capturedAt)];
}

/** The click that held at this time. */
export function attributionOf(user: User | null, occurredAt: Date): FoundAttribution {
  return user ? attributionAt(clicksOf(user), occurredAt, user.firstClickAt) : UNKNOWN_USER;
}

/** A first click may still attribute the user's signup, and the sales since, after the fact. */
export function awaitsSignupClick({ attribution, createdAt }: User, graceMs: number): boolean {
  return !attribution?.impact?.clickId && Date.now() - createdAt.getTime() < graceMs;
}
