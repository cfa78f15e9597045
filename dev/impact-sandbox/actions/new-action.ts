import { DAY_MS, midnight } from '../impact-date.js';
import type { Settings } from '../settings.js';
import type { Action, NewAction } from './actions.js';

const HOUR_MS = 3_600_000;

type Facts = Pick<
  Action,
  | 'orderId'
  | 'campaignId'
  | 'actionTrackerId'
  | 'amount'
  | 'currency'
  | 'eventDate'
  | 'creationDate'
  | 'details'
>;

/** A new action is PENDING, and its deltas and intended amounts "equal" what they are later compared with. [v14 Actions OpenAPI] */
export function newAction(facts: Facts, { payoutShare, lockingDays }: Settings): NewAction {
  const amount = toCents(facts.amount);
  const payout = toCents(amount * payoutShare);
  return {
    ...facts,
    state: 'PENDING',
    amount,
    deltaAmount: amount,
    intendedAmount: amount,
    payout,
    deltaPayout: payout,
    intendedPayout: payout,
    // The sandbox knows no clicks: an hour before, as in the example of the OpenAPI.
    referringDate: facts.eventDate - HOUR_MS,
    // At midnight, as in the example of the OpenAPI, where it is 16 days after the creation; contracts decide.
    lockingDate: midnight(facts.creationDate) + lockingDays * DAY_MS,
    updatedAt: facts.creationDate,
    modifications: 0,
  };
}

/** "decimal: 8 digits, 2 decimal places": https://integrations.impact.com/impact-brand/reference/requests */
export function toCents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
