import { date } from './impact-date.js';

/** Returns what is wrong with a value, or undefined. */
type Format = (value: string) => string | undefined;

/**
 * Formats by field name; the first match applies. Sources, all under https://integrations.impact.com/impact-brand/:
 * [obj] reference/the-conversion-object, [requests] reference/requests, [order] docs/order-level-data,
 * [refs] docs/impactcom-action-conversion-data-references; [v14] is the OpenAPI document of the v14 Conversions API.
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
  [/^(Amount|Order(Subtotal|SubTotalPostDiscount|Margin|DiscountRate))$/, decimal(8)], // [order] [requests]
  [/^(TrackingConsent|GiftPurchase)$/, pattern(/^(true|false)$/, 'Not true or false')], // [v14]
  [/^Item/, () => 'The sandbox knows no items'],
  // "string: 255 UTF-8 characters", unless otherwise stated. [requests]
  [/^/, text(255)],
];
const CURRENCIES = new Set(Intl.supportedValuesOf('currency'));

export function formatError(name: string, value: string): string | undefined {
  return FORMATS.find(([names]) => names.test(name))?.[1](value);
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

/** "decimal: 8 digits, 2 decimal places" [requests]; a sign, an exponent or a comma is not documented. */
function decimal(maxDigits: number): Format {
  const message = `Not a decimal of at most ${maxDigits} digits and 2 decimal places`;
  return pattern(new RegExp(`^\\d{1,${maxDigits}}(\\.\\d{1,2})?$`), message);
}
