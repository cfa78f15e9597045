import type { FieldError } from './answers.js';
import { formatError } from './field-formats.js';

type Fields = ReadonlyMap<string, string>;

// "One of … is required", in the v14 OpenAPI and https://integrations.impact.com/impact-brand/reference/submit-a-conversion
const ATTRIBUTION_KEY =
  /^(ClickId|Custom(er|Profile|Click)Id|OrderPromoCode|Media(Partner)?Id|UniqueUrl|CallerId|GoogAId|AndroidId|AppleIf[av])$/;
const MONETARY_FIELD = /^(Amount|Order(Subtotal|SubTotalPostDiscount|Discount|Shipping|Tax|Margin))$/;

/** The rules of `POST /Advertisers/{AccountSID}/Conversions`. An empty value counts as not sent. */
export function validateConversion(received: Fields): FieldError[] {
  const fields = new Map([...received].filter(([, value]) => value !== ''));
  return [...combinationErrors(fields), ...formatErrors(fields)];
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

export function* formatErrors(fields: Fields): Iterable<FieldError> {
  for (const [field, value] of fields) {
    const message = formatError(field, value);
    if (message) yield { field, message };
  }
}
