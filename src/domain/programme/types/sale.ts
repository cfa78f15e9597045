import { z } from 'zod';
import { maxKeyBytes, utf8Length } from '../../conversion.js';
import { CURRENCY_CODES, decimalAmount, MAX_MINOR_UNITS } from '../../money.js';
import { orderIdSchema } from '../../order-id.js';
import { customerEmail } from '../customer-email.js';
import { defineType } from '../define-type.js';
import { itemDetails, itemProblems, itemsSchema, largestAmountFaults, sumOf } from '../items.js';
import { line } from '../text.js';

const cents = z.int().min(0).max(MAX_MINOR_UNITS);

/** Shops and Stripe write currencies in lower case as well. */
const currency = z
  .enum([...CURRENCY_CODES, ...CURRENCY_CODES.map((code) => code.toLowerCase())])
  .transform((code) => code.toUpperCase());

const CUSTOMER_STATUS = { new: 'New', existing: 'Existing' } as const;

/** An order of a shop, with an amount. */
export const sale = defineType({
  description: 'A user bought something.',
  payload: ({ id }) =>
    z.strictObject({
      orderId: orderId(id),
      totalAmountCents: cents.describe(
        "The amount that Impact pays on, after discounts and without tax and shipping, in the currency's minor unit: 4900 is 49.00 USD, and 4900 JPY.",
      ),
      currency: currency.describe('ISO 4217 code, in upper or lower case.'),
      promoCode: line(255)
        .optional()
        .describe('Impact credits the partner who has the code, even without a click.'),
      customerStatus: z.enum(['new', 'existing']).optional(),
      items: itemsSchema.optional(),
      discountCents: cents.optional().describe('What was taken off before `totalAmountCents`.'),
      taxCents: cents.optional(),
      shippingCents: cents.optional(),
      note: line(255).optional(),
      customerEmail,
    }),
  problems(sale) {
    const { totalAmountCents, items, discountCents = 0 } = sale;
    return [
      ...largestAmountFaults(sale),
      ...(items ? itemProblems(items, { totalAmountCents, discountCents }) : []),
    ];
  },
  example: { orderId: 'example-1', totalAmountCents: 4900, currency: 'USD' },
  fullExample: {
    orderId: 'example-6',
    totalAmountCents: 4410,
    currency: 'USD',
    promoCode: 'SAVE10',
    customerStatus: 'new',
    items: [{ sku: 'price_team', category: 'team', name: 'Team', quantity: 1, subtotalCents: 4900 }],
    discountCents: 490,
    taxCents: 838,
    shippingCents: 0,
    note: 'From the app',
    customerEmail: 'jane@example.com',
  },
  key: ({ payload }) => payload.orderId,
  fromKey(key) {
    const known = ofOrder(key);
    return known?.payload.orderId === key ? known : undefined;
  },
  orderId: ({ payload }) => payload.orderId,
  fromOrderId: ofOrder,
  // A sale of which only a refund has come yet has no amount.
  amount: ({ totalAmountCents, currency }) =>
    currency && totalAmountCents !== undefined
      ? { amount: decimalAmount(totalAmountCents, currency), currencyCode: currency }
      : undefined,
  details({ totalAmountCents, currency, items = [], discountCents = 0, ...rest }) {
    const money = (amount: number) => decimalAmount(amount, currency);
    const { taxCents, shippingCents, promoCode, customerStatus, customerEmail, note } = rest;
    // An amount may have changed since, and with it what is left of the items.
    const asItems = items.length > 0 && sumOf(items) >= totalAmountCents;
    const discount = asItems ? sumOf(items) - totalAmountCents : discountCents;
    return {
      ...(asItems ? itemDetails(items, money) : { amount: money(totalAmountCents + discount) }),
      currencyCode: currency,
      ...(discount > 0 ? { orderDiscount: money(discount) } : {}),
      ...(taxCents === undefined ? {} : { orderTax: money(taxCents) }),
      ...(shippingCents === undefined ? {} : { orderShipping: money(shippingCents) }),
      ...(promoCode === undefined ? {} : { orderPromoCode: promoCode }),
      ...(customerStatus === undefined ? {} : { customerStatus: CUSTOMER_STATUS[customerStatus] }),
      ...(customerEmail === undefined ? {} : { customerEmail }),
      ...(note === undefined ? {} : { note }),
    };
  },
});

function ofOrder(text: string) {
  const { success, data: orderId } = orderIdSchema.safeParse(text);
  return success ? { userId: '', payload: { orderId } } : undefined;
}

function orderId(eventId: string) {
  const maxBytes = maxKeyBytes(eventId);
  return orderIdSchema
    .refine((id) => utf8Length(id) <= maxBytes, `must be at most ${maxBytes} bytes in UTF-8`)
    .describe(
      `The shop's own order id, in Unicode's form NFC, of at most ${maxBytes} bytes in UTF-8; the same id is the same sale.`,
    );
}
