import { z } from 'zod';

/** Says what is wrong with a value, if anything is. */
type Format = (value: string) => string | undefined;

/**
 * Formats by field name, first match wins. Sources, all under https://integrations.impact.com/impact-brand/:
 * [obj] reference/the-conversion-object, [requests] reference/requests, [order] docs/order-level-data,
 * [item] docs/item-level-data, [attr] docs/attribution-data, [refs] docs/impactcom-action-conversion-data-references;
 * [v14] is the OpenAPI document of the v14 Conversions API.
 */
const formats: readonly (readonly [names: RegExp, format: Format])[] = [
  [/^(CampaignId|ActionTrackerId)$/, integer(10)], // [obj]
  // EventTypeCode is 64 long in [obj] and 128 in [refs]: 64 is within both.
  [/^(OrderId|ClickId|EventTypeCode)$/, text(64)], // [obj] [attr]
  [/^(DispositionCode|ItemMpn\d+)$/, text(64)], // [refs] [item]
  [/^Text([1-9]|[1-4]\d|50)$|^ItemText\d+_([1-9]|[1-4]\d|50)$/, text(64)], // [v14]
  [/^CustomProfileId$/, text(70)], // [obj]
  [/^PaymentType$/, text(32)], // [order]
  [/^CustomerId$/, customerId],
  [/^CustomerEmail$/, pattern(/^([0-9a-f]{40}|[0-9a-f]{64})$/i, 'Not a SHA1 or SHA256 hash')], // [v14]
  // Other values must be mapped in the account first: https://help.impact.com/ configure-customer-status-mapping
  [/^CustomerStatus$/, pattern(/^(new|existing)$/i, 'Not a configured customer status')],
  [/^EventDate$/, (value) => (value === 'NOW' ? undefined : dateTime(value))], // [refs]
  [/^Date([1-9]|10)$|^ItemDate\d+_([1-9]|10)$/, dateTime], // [v14]
  [/^CurrencyCode$/, currency],
  [/^OrderDiscount$/, decimal(12)], // [order]
  [/^(OrderShipping|OrderTax)$/, decimal(14)], // [order]
  [/^ItemSubTotal\d+$/, decimal(14)], // [item]
  [/^(Amount|Order(Subtotal|SubTotalPostDiscount|Margin|DiscountRate))$/, decimal(8)], // [order] [requests]
  [/^Item(Price|Discount|DiscountRate|TotalDiscount)\d+$/, decimal(8)], // [item] [requests]
  [/^(Numeric([1-9]|10)|Money[1-3])$/, decimal(8)], // [v14] [requests]
  [/^(MediaId|MediaPartnerId|PropertyId|ItemQuantity\d+)$/, integer(16)], // [v14] [requests]
  [/^(TrackingConsent|GiftPurchase)$/, pattern(/^(true|false)$/, 'Not true or false')], // [v14]
];

/** "string: 255 UTF-8 characters", unless otherwise stated. [requests] */
const otherwise = text(255);

export function formatError(name: string, value: string): string | undefined {
  const format = formats.find(([names]) => names.test(name))?.[1] ?? otherwise;
  return format(value);
}

function text(maxLength: number): Format {
  return (value) => ([...value].length > maxLength ? `Longer than ${maxLength} characters` : undefined);
}

function pattern(allowed: RegExp, message: string): Format {
  return (value) => (allowed.test(value) ? undefined : message);
}

function integer(maxDigits: number): Format {
  return pattern(new RegExp(`^\\d{1,${maxDigits}}$`), `Not an integer of at most ${maxDigits} digits`);
}

/** "decimal: 8 digits, 2 decimal places" [requests]; a sign, an exponent or a comma is documented nowhere. */
function decimal(maxDigits: number): Format {
  const message = `Not a decimal of at most ${maxDigits} digits and 2 decimal places`;
  return pattern(new RegExp(`^\\d{1,${maxDigits}}(\\.\\d{1,2})?$`), message);
}

/** "These values must be non-identifying (e.g., plain text email addresses are not permitted)." [obj] */
function customerId(value: string): string | undefined {
  return /^\S+@\S+\.\S+$/.test(value) ? 'A plain text email address is not permitted' : text(255)(value);
}

const isoDateTime = z.iso.datetime({ offset: true, local: true });

function dateTime(value: string): string | undefined {
  return isoDateTime.safeParse(value).success ? undefined : 'Not an ISO 8601 date and time';
}

const currencies = new Set(Intl.supportedValuesOf('currency'));

function currency(value: string): string | undefined {
  return currencies.has(value) ? undefined : 'Not an ISO 4217 currency code'; // [requests]
}
