import { DAY_MS, date, toImpactDate } from './impact-date.js';
import { CONVERSION_ITEMS, readItems } from './item-fields.js';
import { type Item, spread, sumOf } from './items.js';
import type { Settings } from './state.js';
import type { Submission } from './submissions.js';

export interface Action {
  id: string;
  orderId: string;
  campaignId: number;
  actionTrackerId: number;
  mediaPartnerId: number;
  state: 'PENDING' | 'APPROVED' | 'REVERSED';
  amount: number;
  /** Their amounts have the Action's as their sum. Absent if the conversion had no items. */
  items?: Item[];
  currency: string;
  eventDate: number;
  lockingDate: number;
}

type NewAction = Pick<Action, 'orderId' | 'campaignId' | 'actionTrackerId'> & Partial<Action>;

const ACCOUNT_CURRENCY = 'USD';
/** In the example of the v14 Actions OpenAPI an Action locks 16 days after its creation; contracts decide. */
const LOCKING_MS = 16 * DAY_MS;

/** Ids look like the documented 1000.4636.158133, which begins with the CampaignId. */
const FIRST_SERIAL = 158_133;

export function newAction(actions: Action[], given: NewAction): Action {
  return {
    id: `${given.campaignId}.4636.${FIRST_SERIAL + actions.length}`,
    mediaPartnerId: 10_000,
    state: 'PENDING',
    amount: 0,
    currency: ACCOUNT_CURRENCY,
    eventDate: Date.now(),
    lockingDate: Date.now() + LOCKING_MS,
    ...given,
  };
}

export function addAction(actions: Action[], given: NewAction): void {
  actions.push(newAction(actions, given));
}

/** Adds an Action, or changes the one that has its id. */
export function keepAction(actions: Action[], action: Action): void {
  const known = actions.find(({ id }) => id === action.id);
  if (known) Object.assign(known, action);
  else addAction(actions, action);
}

export function actionOf({ orderId, fields, takenAt }: Submission, { exchangeRates }: Settings): NewAction {
  const currency = fields.CurrencyCode || ACCOUNT_CURRENCY;
  const rate = exchangeRates[currency];
  const sent = new Map(Object.entries(fields));
  const items = readItems(sent, CONVERSION_ITEMS);
  // Of OrderDiscount: "Amount is automatically subtracted from the order total on processing. If item amounts are used, this
  // discount will be subtracted proportionally from each item amount sent in." [v14 Conversions OpenAPI] The same document has
  // OrderShipping outside of the amount; that OrderTax is outside too is inferred.
  const value = totalOf(sent) - Number(fields.OrderDiscount || 0);
  const amount = Math.round(value * (rate ?? 1) * 100) / 100;
  return {
    orderId,
    campaignId: Number(fields.CampaignId),
    actionTrackerId: Number(fields.ActionTrackerId),
    // "In most cases, this will be the default currency of your account. This is not the currency sent in on the order":
    // https://integrations.impact.com/impact-brand/reference/action-object
    amount,
    ...(items.length > 0 && { items: spread(amount, items) }),
    currency: rate === undefined ? currency : ACCOUNT_CURRENCY,
    // Without one it was "NOW". Impact replaces the date of a conversion that is reported "long after" it happened; how
    // long is not documented, and not modelled.
    eventDate: date.safeParse(fields.EventDate).data ?? takenAt,
  };
}

/** What an order costs before its discount. */
export function totalOf(fields: ReadonlyMap<string, string>): number {
  const items = readItems(fields, CONVERSION_ITEMS);
  return items.length > 0 ? sumOf(items) : Number(fields.get('Amount') || 0);
}

/** With another amount as a whole. That its items then keep their proportions is inferred. */
export function withAmount(action: Action, amount: number): Action {
  return { ...action, amount, ...(action.items && { items: spread(amount, action.items) }) };
}

/** "Date after which the action can no longer be modified. Once passed, a Pending action moves to Approved." [v14 Actions OpenAPI] */
export function stateOf({ state, lockingDate }: Action): Action['state'] {
  return state === 'PENDING' && lockingDate <= Date.now() ? 'APPROVED' : state;
}

/** The fields of Action in the v14 Actions OpenAPI that the sandbox has values for: it knows no payouts and no partners. */
export function actionObject(action: Action, accountSid: string) {
  return {
    Id: action.id,
    CampaignId: action.campaignId,
    ActionTrackerId: action.actionTrackerId,
    MediaPartnerId: action.mediaPartnerId,
    State: stateOf(action),
    Amount: action.amount,
    Currency: action.currency,
    EventDate: toImpactDate(action.eventDate),
    LockingDate: toImpactDate(action.lockingDate),
    Oid: action.orderId,
    Uri: `/Advertisers/${accountSid}/Actions/${action.id}`,
  };
}
