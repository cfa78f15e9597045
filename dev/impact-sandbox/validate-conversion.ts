import { totalOf } from './actions.js';
import type { FieldError } from './answers.js';
import { date } from './impact-date.js';
import { CONVERSION_ITEMS, hasItems, itemErrors } from './item-fields.js';

type Fields = ReadonlyMap<string, string>;

// "One of … is required", in the v14 OpenAPI and https://integrations.impact.com/impact-brand/reference/submit-a-conversion
const ATTRIBUTION_KEY =
  /^(ClickId|Custom(er|Profile|Click)Id|OrderPromoCode|Media(Partner)?Id|UniqueUrl|CallerId|GoogAId|AndroidId|AppleIf[av])$/;
const MONETARY_FIELD =
  /^(Amount|Order(Subtotal|SubTotalPostDiscount|Discount|Shipping|Tax|Margin)|Item(SubTotal|Price)\d+)$/;

/** An empty value counts as not sent. */
export function sentFields(received: Fields): Fields {
  return new Map([...received].filter(([, value]) => value !== ''));
}

/** The rules of `POST /Advertisers/{AccountSID}/Conversions`. */
export function validateConversion(received: Fields): FieldError[] {
  const fields = sentFields(received);
  return [
    ...combinationErrors(fields),
    ...amountErrors(fields),
    ...itemErrors(fields, CONVERSION_ITEMS),
    ...formatErrors(fields),
  ];
}

function* combinationErrors(fields: Fields): Iterable<FieldError> {
  const has = (pattern: RegExp) => [...fields.keys()].some((name) => pattern.test(name));
  // Impact accepts EventTypeCode in place of ActionTrackerId. The sandbox knows event types by their ids alone.
  for (const field of ['CampaignId', 'ActionTrackerId', 'EventDate', 'OrderId'])
    if (!fields.has(field)) yield { field, message: 'Required' };
  if (!has(ATTRIBUTION_KEY)) yield { field: 'ClickId', message: 'Required, or another attribution key' };
  // "provide either one, not both" [v14 OpenAPI]
  if (fields.has('MediaId') && fields.has('MediaPartnerId'))
    yield { field: 'MediaPartnerId', message: 'Not together with MediaId' };
  // "CurrencyCode is required when monetary fields are provided." [v14 OpenAPI]
  if (!fields.has('CurrencyCode') && has(MONETARY_FIELD))
    yield { field: 'CurrencyCode', message: 'Required with monetary fields' };
}

function* amountErrors(fields: Fields): Iterable<FieldError> {
  // One of ItemPrice, ItemSubTotal and Amount: https://integrations.impact.com/impact-brand/docs/item-level-data
  // Of OrderSubTotalPostDiscount: "If you're submitting item-level data, this value should not be submitted." [v14 OpenAPI]
  if (hasItems(fields, CONVERSION_ITEMS))
    for (const field of ['Amount', 'OrderSubTotalPostDiscount'])
      if (fields.has(field)) yield { field, message: 'Not together with items' };
  // How Impact takes a higher discount is not documented.
  if (Number(fields.get('OrderDiscount')) > totalOf(fields))
    yield { field: 'OrderDiscount', message: 'More than what the order costs' };
}

export function* formatErrors(fields: Fields): Iterable<FieldError> {
  for (const [field, value] of fields) {
    const message = FORMATS.find(([names]) => names.test(field))?.[1](value);
    if (message) yield { field, message };
  }
}

/** Returns what is wrong with a value, or undefined. */
type Format = (value: string) => string | undefined;

/**
 * Formats by field name; the first match applies. Sources, all under https://integrations.impact.com/impact-brand/:
 * [obj] reference/the-conversion-object, [requests] reference/requests, [order] docs/order-level-data,
 * [item] docs/item-level-data, [refs] docs/impactcom-action-conversion-data-references; [v14] is the OpenAPI document of the
 * v14 Conversions API.
 */
const FORMATS: readonly (readonly [names: RegExp, format: Format])[] = [
  [/^(CampaignId|ActionTrackerId)$/, integer(10)], // [obj]
  [/^(MediaId|MediaPartnerId)$/, integer(16)], // [v14] [requests]
  [/^(OrderId|ClickId)$/, text(64)], // [obj]
  // "These values must be non-identifying (e.g., plain text email addresses are not permitted)." [obj]
  [
    /^CustomerId$/,
    pattern(/^(?!\S+@\S+\.\S+$).{0,255}$/u, 'An e-mail address, or longer than 255 characters'),
  ],
  [/^CustomerEmail$/, pattern(/^([0-9a-f]{40}|[0-9a-f]{64})$/i, 'Not a SHA1 or SHA256 hash')], // [v14]
  // Other values must be mapped in the account first: https://help.impact.com/ configure-customer-status-mapping
  [/^CustomerStatus$/, pattern(/^(new|existing)$/i, 'Not a configured customer status')],
  [/^EventDate$/, (value) => (value === 'NOW' ? undefined : date.safeParse(value).error?.issues[0]?.message)], // [refs]
  [/^CurrencyCode$/, (value) => (CURRENCIES.has(value) ? undefined : 'Not an ISO 4217 currency code')], // [requests]
  [/^OrderDiscount$/, decimal(12)], // [order]
  [/^(OrderShipping|OrderTax)$/, decimal(14)], // [order]
  [/^ItemQuantity/, pattern(/^[1-9]\d{0,15}$/, 'Not a positive integer of at most 16 digits')], // [requests]
  [/^ItemSubTotal/, decimal(14)], // [item]
  [/^Quantity/, integer(16)], // [requests]; 0 means that the item was returned
  [/^(Amount\d*|Order(Subtotal|SubTotalPostDiscount|Margin|DiscountRate))$/, decimal(8)], // [order] [requests]
  [/^(TrackingConsent|GiftPurchase)$/, pattern(/^(true|false)$/, 'Not true or false')], // [v14]
  // "string: 255 UTF-8 characters", unless otherwise stated. [requests]
  [/^/, text(255)],
];
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

function text(maxLength: number): Format {
  return (value) => ([...value].length > maxLength ? `Longer than ${maxLength} characters` : undefined);
}

function pattern(allowed: RegExp, message: string): Format {
  return (value) => (allowed.test(value) ? undefined : message);
}

function integer(maxDigits: number): Format {
  return pattern(new RegExp(`^\\d{1,${maxDigits}}$`), `Not an integer of at most ${maxDigits} digits`);
}

/** "decimal: 8 digits, 2 decimal places" [requests]; a sign, an exponent or a comma is not documented. */
function decimal(maxDigits: number): Format {
  const message = `Not a decimal of at most ${maxDigits} digits and 2 decimal places`;
  return pattern(new RegExp(`^\\d{1,${maxDigits}}(\\.\\d{1,2})?$`), message);
}
