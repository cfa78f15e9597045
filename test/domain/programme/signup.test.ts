import { describe, expect, it } from 'vitest';
import { signup } from '../../support/programme.js';

const event = { userId: '665f1c2e9b1d8a0012345678', payload: {} };

describe('the signup', () => {
  it('is action tracker 68897 of campaign 48046, within 30 days of the click', () => {
    expect(signup).toMatchObject({ campaignId: 48046, actionTrackerId: 68897, referralWindowDays: 30 });
  });

  it('happens once per user', () => {
    expect(signup.key(event)).toBe(event.userId);
  });

  it('has an order id of its own at Impact, that names the user', () => {
    expect(signup.orderId(event)).toBe('signup-665f1c2e9b1d8a0012345678');
  });

  it('reports a new customer', () => {
    expect(signup.details({})).toEqual({ customerStatus: 'New' });
  });
});
