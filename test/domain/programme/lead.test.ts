import { describe, expect, it } from 'vitest';
import { programmeWith, signup } from '../../support/programme.js';

const userId = '665f1c2e9b1d8a0012345678';
const event = { userId, payload: {} };

describe('the signup', () => {
  it('is action tracker 68897 of campaign 48046 by default, within 30 days of the click', () => {
    expect(signup).toMatchObject({ campaignId: 48046, actionTrackerId: 68897, referralWindowDays: 30 });
  });

  it('reports a new customer, and the hash of an e-mail address', () => {
    expect(signup.details({})).toEqual({ customerStatus: 'New' });
    expect(signup.details({ customerEmail: 'a'.repeat(64) })).toMatchObject({
      customerEmail: 'a'.repeat(64),
    });
  });
});

describe('a lead', () => {
  const trial = programmeWith({ trial_start: { type: 'lead', actionTrackerId: 71656 } }).get('trial_start');

  it('happens once per user', () => {
    expect(trial.key(event)).toBe(userId);
  });

  it('has an order id of its own at Impact, which names the event and the user', () => {
    expect(trial.orderId(event)).toBe(`trial_start-${userId}`);
  });

  it('is known by that order id, and by that of no other event', () => {
    expect(trial.fromOrderId(trial.orderId(event))).toEqual(event);
    expect(trial.fromOrderId(signup.orderId(event))).toBeUndefined();
    expect(trial.fromOrderId('trial_start-somebody')).toBeUndefined();
  });

  it('says nothing of a new customer unless it is the signup', () => {
    expect(trial.details({})).toEqual({});
  });

  it('has no amount', () => {
    expect(trial.amount({})).toBeUndefined();
  });

  it('of which only the id is known has its user, unless no user could have it', () => {
    expect(trial.fromKey(userId)).toEqual(event);
    expect(trial.fromKey('somebody')).toBeUndefined();
  });
});
