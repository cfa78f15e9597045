import { z } from 'zod';
import { maxKeyBytes, utf8Length } from '../conversion.js';
import { CURRENCY_CODES, decimalAmount } from '../money.js';
import { orderIdSchema } from '../order-id.js';
import { defineCampaignEvent } from './define.js';

const ID = 'sale_subscription';
const MAX_BYTES = maxKeyBytes(ID);

export const saleSubscription = defineCampaignEvent({
  id: ID,
  description: 'A user bought a subscription.',
  campaignId: 48046,
  actionTrackerId: 99999,
  referralWindowDays: 30,
  payload: z.strictObject({
    orderId: orderIdSchema
      .refine((orderId) => utf8Length(orderId) <= MAX_BYTES, `must be at most ${MAX_BYTES} bytes in UTF-8`)
      .describe(
        `The shop's own order id, in Unicode's form NFC, of at most ${MAX_BYTES} bytes in UTF-8; the same id is the same sale.`,
      ),
    totalAmountCents: z
      .int()
      .min(0)
      .max(9_999_999_999)
      .describe("In the currency's minor unit: 4900 is 49.00 USD, and 4900 JPY."),
    currency: z.enum(CURRENCY_CODES).describe('ISO 4217 code.'),
  }),
  example: { orderId: 'example-1', totalAmountCents: 4900, currency: 'USD' },
  key: ({ payload }) => payload.orderId,
  orderId: ({ payload }) => payload.orderId,
  details: ({ totalAmountCents, currency }) => ({
    amount: decimalAmount(totalAmountCents, currency),
    currencyCode: currency,
  }),
});
