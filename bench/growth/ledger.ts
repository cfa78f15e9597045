import type { Adjustment } from '../../src/domain/adjustment.js';
import type { Conversion, ConversionStatus, Submission, TimelineEntry } from '../../src/domain/conversion.js';
import { FOLLOW_MS } from '../../src/domain/next-step.js';
import type { User } from '../../src/users/user.model.js';
import { createUserIdOf } from '../../src/users/user-id.js';

/** A ledger as a year leaves it: each document is a pure function of its number, so that ledgers of any size agree. */

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
export const userIdOf = createUserIdOf('bench');

/** Two of three conversions are the signup of a user; the third is a sale to one of them. */
export const USERS_SHARE = 2 / 3;
const isSignup = (index: number) => index % 3 !== 2;

/** Has more sales than any other user, as one whose subscription renews. */
const BUSY_USER = 0;
const SALES_OF_BUSY_USER = 200;

export const clerkIdOf = (user: number) => `user_${user}`;
export const busyClerkId = clerkIdOf(BUSY_USER);
export const busyUserId = userIdOf(busyClerkId).toHexString();

/** How many conversions of a status are on their way at once, however large the ledger is. */
const MOST_PENDING = 300;
const MOST_PARKED = 10_000;

/** The number of the ledger's newest conversions that are pending, and then of those that are being reported. */
const pendingOf = (size: number) => Math.min(MOST_PENDING, Math.floor(size / 100));

export function timeOf(index: number, size: number, now: number): Date {
  return new Date(now - YEAR_MS + Math.floor(((index + 1) * YEAR_MS) / (size + 1)));
}

export function conversionOf(index: number, size: number, now: number): Conversion {
  const at = timeOf(index, size, now);
  const signup = isSignup(index);
  const user = signup ? Math.floor(index / 3) * 2 + (index % 3) : buyerOf(index, size);
  const userId = userIdOf(clerkIdOf(user)).toHexString();
  const orderId = signup ? `signup-${userId}` : `order-${index}`;
  const campaignEventId = signup ? 'signup' : 'sale_subscription';
  const state = stateOf(index, size, at, now);
  const sent = !['pending', 'skipped'].includes(state.status);
  const timeline = timelineOf(state, at);
  const adjustments =
    state.status === 'confirmed' && index % 33 === 7 ? [adjustmentOf(index, at)] : undefined;
  return {
    _id: signup ? `signup:${userId}` : `sale_subscription:${orderId}`,
    campaignEventId,
    userId,
    occurredAt: at,
    payload: signup ? {} : { orderId, totalAmountCents: 4_900, currency: 'USD' },
    attribution:
      state.reason === 'no_attribution'
        ? null
        : { provider: 'impact', clickId: `click-${user}`, capturedAt: at },
    ...state,
    ...(sent && { submission: submissionOf(state.status, orderId, at, now) }),
    ...(adjustments ? { adjustments } : {}),
    timeline,
    createdAt: at,
    updatedAt: timeline.at(-1)?.at ?? at,
  };
}

function buyerOf(index: number, size: number): number {
  const sale = Math.floor(index / 3);
  return sale % Math.ceil(size / 3 / SALES_OF_BUSY_USER) === 1
    ? BUSY_USER
    : (sale * 7_919) % Math.max(1, Math.floor(size * USERS_SHARE));
}

function stateOf(index: number, size: number, at: Date, now: number): Pick<Conversion, 'status' | 'reason'> {
  const fromEnd = size - 1 - index;
  if (fromEnd < pendingOf(size)) return { status: 'pending' };
  if (fromEnd < 2 * pendingOf(size)) return { status: 'reporting' };
  // A prime of its own for each status, so that they fall upon signups and sales alike.
  const parkedEvery = Math.max(199, Math.ceil(size / MOST_PARKED));
  if (index % parkedEvery === 3)
    return { status: 'parked', reason: PARK_REASONS[index % 7] ?? 'impact_refused' };
  if (index % 11 === 5)
    return { status: 'skipped', reason: index % 5 ? 'no_attribution' : 'outside_referral_window' };
  if (now - at.getTime() < FOLLOW_MS) return { status: 'submitted' };
  if (index % 29 === 4) return { status: 'declined', reason: 'other_ref_prioritized' };
  if (!isSignup(index) && index % 19 === 9) return { status: 'reversed' };
  if (index % 499 === 8) return { status: 'abandoned', reason: 'abandoned_by_operator' };
  return { status: 'confirmed' };
}

const PARK_REASONS = [
  'impact_refused',
  'impact_refused',
  'impact_refused',
  'too_old',
  'workflow_lost',
  'duplicate_order',
  'impact_error',
];

function submissionOf(status: ConversionStatus, orderId: string, at: Date, now: number): Submission {
  const sentAt = new Date(at.getTime() + 2_000);
  const queued = ['submitted', 'confirmed', 'reversed'].includes(status);
  const state = queued ? 'queued' : status === 'declined' ? 'rejected' : 'sending';
  return {
    state,
    orderId,
    attempts: 1,
    sentAt,
    ...(queued ? { queuedUri: `/Advertisers/IRbench/APISubmissions/A-${orderId}` } : {}),
    ...(status === 'submitted'
      ? { followUntil: new Date(Math.max(now + DAY_MS, at.getTime() + FOLLOW_MS)) }
      : {}),
  };
}

function timelineOf({ status, reason }: Pick<Conversion, 'status' | 'reason'>, at: Date): TimelineEntry[] {
  const after = (seconds: number) => new Date(at.getTime() + seconds * 1_000);
  const entries: TimelineEntry[] = [{ at, status: 'pending' }];
  if (status === 'pending') return entries;
  if (status === 'skipped') return [{ at, status, ...(reason ? { reason } : {}) }];
  entries.push({ at: after(1), status: 'reporting' });
  if (status === 'reporting') return entries;
  if (status !== 'parked')
    entries.push({
      at: after(3),
      status: 'submitted',
      detail: 'Impact queued it as /Advertisers/IRbench/APISubmissions/A-1.',
    });
  if (status === 'submitted') return entries;
  const detail = 'Impact: Conversion accepted by the sandbox, or whatever Impact said about it.';
  return [...entries, { at: after(1_800), status, ...(reason ? { reason } : {}), detail }];
}

/** Mostly done; one in a hundred is parked, and a few are on their way. */
function adjustmentOf(index: number, at: Date): Adjustment {
  const number = Math.floor(index / 33);
  const status = number % 100 === 1 ? 'parked' : number % 1_000 === 2 ? 'reporting' : 'confirmed';
  const requestedAt = new Date(at.getTime() + 3_600_000);
  return {
    id: `amount-${index}`,
    kind: 'amount',
    reason: 'ITEM_RETURNED',
    totalAmountCents: 3_900,
    status,
    ...(status === 'parked' ? { parkReason: 'locked' } : {}),
    requestedAt,
    requestedBy: 'mch_shop',
  };
}

export function userOf(index: number, size: number, now: number): User {
  const at = timeOf(Math.floor(index * 1.5), size, now);
  const click = { provider: 'impact' as const, clickId: `click-${index}`, capturedAt: at };
  return {
    _id: userIdOf(clerkIdOf(index)),
    clerkId: clerkIdOf(index),
    attribution: { impact: { clickId: click.clickId, capturedAt: at } },
    attributionHistory: [click],
    createdAt: at,
    updatedAt: at,
  };
}
