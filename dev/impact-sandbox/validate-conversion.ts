import type { FieldError } from './answers.js';
import { formatError } from './field-formats.js';
import { itemErrors } from './validate-items.js';

type Fields = ReadonlyMap<string, string>;

// "One of … is required", in the v14 OpenAPI and https://integrations.impact.com/impact-brand/reference/submit-a-conversion
const eventIds = ['ActionTrackerId', 'EventTypeCode'];
const attributionKeys = [
  'ClickId',
  'CustomerId',
  'CustomProfileId',
  'CustomClickId',
  'OrderPromoCode',
  'MediaId',
  'MediaPartnerId',
  'UniqueUrl',
  'CallerId',
  'GoogAId',
  'AndroidId',
  'AppleIfa',
  'AppleIfv',
];
const monetaryField =
  /^(Amount|Order(Subtotal|SubTotalPostDiscount|Discount|Shipping|Tax|Margin)|Money\d|Item(Price|SubTotal|Discount|TotalDiscount)\d+)$/;

/** The rules of `POST /Advertisers/{AccountSID}/Conversions`. An empty value counts as not sent. */
export function validateConversion(received: Fields): FieldError[] {
  const fields = new Map([...received].filter(([, value]) => value !== ''));
  return [...combinationErrors(fields), ...formatErrors(fields), ...itemErrors(fields)];
}

function* combinationErrors(fields: Fields): Iterable<FieldError> {
  for (const field of ['CampaignId', 'EventDate', 'OrderId']) {
    if (!fields.has(field)) yield { field, message: 'Required' };
  }
  if (!eventIds.some((name) => fields.has(name)))
    yield { field: 'ActionTrackerId', message: `Required: one of ${eventIds.join(', ')}` };
  if (!attributionKeys.some((name) => fields.has(name)))
    yield { field: 'ClickId', message: `Required: one of ${attributionKeys.join(', ')}` };
  // "provide either one, not both" [v14 OpenAPI]
  if (fields.has('MediaId') && fields.has('MediaPartnerId'))
    yield { field: 'MediaPartnerId', message: 'Not together with MediaId' };
  // "CurrencyCode is required when monetary fields are provided." [v14 OpenAPI]
  if (!fields.has('CurrencyCode') && [...fields.keys()].some((name) => monetaryField.test(name)))
    yield { field: 'CurrencyCode', message: 'Required with monetary fields' };
}

function* formatErrors(fields: Fields): Iterable<FieldError> {
  for (const [field, value] of fields) {
    const message = formatError(field, value);
    if (message) yield { field, message };
  }
}
