import { describe, expect, it } from 'vitest';
import { saleSubscription } from '../../../src/domain/campaign-events/sale-subscription.js';

const payload = { orderId: 'A-1001', totalAmountCents: 4900, currency: 'USD' };

describe('the sale of a subscription', () => {
  it('is action tracker 99999 of campaign 48046, within 30 days of the click', () => {
    expect(saleSubscription).toMatchObject({
      campaignId: 48046,
      actionTrackerId: 99999,
      referralWindowDays: 30,
    });
  });

  it("has the shop's order id as its key", () => {
    expect(saleSubscription.key({ userId: 'u', payload })).toBe('A-1001');
  });

  it("has the shop's order id at Impact, as it is", () => {
    expect(saleSubscription.orderId({ userId: 'u', payload })).toBe('A-1001');
  });

  it('reports the amount in major units, and its currency', () => {
    expect(saleSubscription.details(payload)).toEqual({ amount: '49.00', currencyCode: 'USD' });
  });
});
