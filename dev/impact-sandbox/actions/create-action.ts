import { parseImpactDate } from '../impact-date.js';
import type { Settings } from '../settings.js';
import type { Submission } from '../submissions/submissions.js';
import type { NewAction } from './actions.js';
import { newAction } from './new-action.js';
import { orderAmount } from './order-amount.js';

/** What an Action repeats of its conversion, by the same name: Action in the v14 Actions OpenAPI. */
const repeated = [
  'CustomerId',
  'CustomerPostCode',
  'CustomerCity',
  'CustomerRegion',
  'CustomerCountry',
  'MediaPartnerId',
  'SharedId',
  'CallerId',
  'Note',
];

export function createAction(submission: Submission, at: number, settings: Settings): NewAction {
  const { fields } = submission;
  const details = Object.fromEntries(repeated.map((name) => [name, fields[name] ?? '']));
  const currency = fields.CurrencyCode || settings.accountCurrency;
  return newAction(
    {
      orderId: fields.OrderId ?? '',
      campaignId: Number(fields.CampaignId),
      actionTrackerId: Number(submission.actionTrackerId),
      ...inAccountCurrency(orderAmount(fields), currency, settings),
      // "NOW" is the other documented value. Impact moves the date of a conversion reported "long after" it happened
      // to its submission; how long is not documented, and not modelled.
      eventDate: parseImpactDate(fields.EventDate ?? '') ?? submission.submittedAt,
      creationDate: at,
      details: {
        ...details,
        // In capitals, as in the examples of the OpenAPI.
        CustomerStatus: fields.CustomerStatus?.toUpperCase() ?? '',
        PromoCode: fields.OrderPromoCode ?? '',
      },
    },
    settings,
  );
}

/**
 * "In most cases, this will be the default currency of your account. This is not the currency sent in on the order":
 * https://integrations.impact.com/impact-brand/reference/action-object. Without a rate the order's currency stays.
 */
function inAccountCurrency(amount: number, currency: string, settings: Settings) {
  const rate = settings.exchangeRates[currency];
  return rate === undefined
    ? { amount, currency }
    : { amount: amount * rate, currency: settings.accountCurrency };
}
