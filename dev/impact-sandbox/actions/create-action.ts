import { parseImpactDate } from '../impact-date.js';
import type { Settings } from '../settings.js';
import type { Submission } from '../submissions/submissions.js';
import { detailNames, type NewAction } from './actions.js';
import { newAction } from './new-action.js';
import { orderAmount } from './order-amount.js';

export function createAction(submission: Submission, at: number, settings: Settings): NewAction {
  const { fields } = submission;
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
      details: detailsOf(fields),
    },
    settings,
  );
}

function detailsOf(fields: Submission['fields']): NewAction['details'] {
  const details: NewAction['details'] = {};
  for (const name of detailNames) {
    const value = name === 'PromoCode' ? fields.OrderPromoCode : fields[name];
    // The status in capitals, as in the examples of the OpenAPI.
    if (value) details[name] = name === 'CustomerStatus' ? value.toUpperCase() : value;
  }
  return details;
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
