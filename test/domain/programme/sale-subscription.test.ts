import { describe, expect, it } from 'vitest';
import { conversionId, workflowId } from '../../../src/domain/conversion.js';
import { saleSubscription } from '../../support/programme.js';

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

  it('takes an order id whose workflow id Temporal would take, and refuses a longer one', () => {
    const bytesOf = (orderId: string) => {
      const id = conversionId(
        saleSubscription.id,
        saleSubscription.key({ userId: 'u', payload: { ...payload, orderId } }),
      );
      return Buffer.byteLength(workflowId(id));
    };
    const accepts = (orderId: string) => saleSubscription.payload.safeParse({ ...payload, orderId }).success;
    const longest = `${'😀'.repeat(56)}ab`;
    expect([bytesOf(longest), accepts(longest)]).toEqual([255, true]);
    expect([bytesOf(`${longest}c`), accepts(`${longest}c`)]).toEqual([256, false]);
    expect(accepts('注'.repeat(64))).toBe(true);
    const { error } = saleSubscription.payload.safeParse({ ...payload, orderId: '😀'.repeat(61) });
    expect(error?.issues).toMatchObject([
      { path: ['orderId'], message: 'must be at most 226 bytes in UTF-8' },
    ]);
  });

  it("has the shop's order id at Impact, as it is", () => {
    expect(saleSubscription.orderId({ userId: 'u', payload })).toBe('A-1001');
  });

  it('reports the amount in major units, and its currency', () => {
    expect(saleSubscription.details(payload)).toEqual({ amount: '49.00', currencyCode: 'USD' });
  });
});
