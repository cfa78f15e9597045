import type { Router } from 'express';
import { z } from 'zod';
import { actionObject } from './actions/action-object.js';
import type { Action } from './actions/actions.js';
import { newAction, toCents } from './actions/new-action.js';
import { parseImpactDate } from './impact-date.js';
import { orderIdOf } from './order-id-query.js';
import type { SandboxState } from './state.js';
import { processDue } from './submissions/process-submissions.js';

const date = z.string().transform((text, context) => {
  const ms = parseImpactDate(text);
  if (ms === undefined) context.addIssue('Not an ISO 8601 date and time');
  return ms ?? 0;
});
const amount = z.number().min(0).transform(toCents);

const changeable = {
  Oid: z.string().min(1),
  State: z.enum(['PENDING', 'APPROVED', 'REVERSED']).optional(),
  Amount: amount.optional(),
  Payout: amount.optional(),
  Currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional(),
  EventDate: date.optional(),
  CreationDate: date.optional(),
  LockingDate: date.optional(),
  MediaPartnerId: z.int().positive().transform(String).optional(),
  CustomerId: z.string().optional(),
  CustomerStatus: z.string().optional(),
};
const plantedSchema = z.strictObject({
  ...changeable,
  CampaignId: z.int().positive().default(48046),
  ActionTrackerId: z.int().positive(),
});
const patchSchema = z.strictObject(changeable).partial();

/**
 * Actions that nobody submitted, and changes that nobody asked for. When Impact reattributes, it reverses an action
 * ("System Reattributed Order") and creates "a new Pending action … with the same orderId": PATCH the one and POST the other.
 * https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
 */
export function addActionRoutes(router: Router, state: SandboxState, accountSid: string): void {
  const { actions, clock, settings } = state;
  const show = (action: Action) => actionObject(action, accountSid, state);

  router.get('/actions', (req, res) => {
    processDue(state);
    res.json({ actions: actions.of(orderIdOf(req)).map(show) });
  });

  router.post('/actions', (req, res) => {
    const { CampaignId, ActionTrackerId, ...given } = plantedSchema.parse(req.body);
    const facts = {
      orderId: given.Oid,
      campaignId: CampaignId,
      actionTrackerId: ActionTrackerId,
      amount: given.Amount ?? 0,
      currency: settings.accountCurrency,
      eventDate: given.EventDate ?? clock.now(),
      creationDate: given.CreationDate ?? clock.now(),
      details: {},
    };
    processDue(state);
    const action = newAction(facts, settings);
    res.status(201).json(show(actions.add({ ...action, ...changesOf(given, action) })));
  });

  router.patch('/actions/:id', (req, res, next) => {
    const given = patchSchema.parse(req.body);
    processDue(state);
    const action = actions.find(req.params.id);
    if (!action) return next();
    actions.update(action, { ...changesOf(given, action), updatedAt: clock.now() });
    res.json(show(action));
  });

  router.delete('/actions/:id', (req, res, next) => {
    processDue(state);
    const action = actions.find(req.params.id);
    if (!action) return next();
    actions.remove(action);
    res.sendStatus(204);
  });
}

function changesOf(
  given: z.output<typeof patchSchema>,
  { details }: Pick<Action, 'details'>,
): Partial<Action> {
  const { MediaPartnerId, CustomerId, CustomerStatus } = given;
  const changes = {
    orderId: given.Oid,
    state: given.State,
    amount: given.Amount,
    payout: given.Payout,
    currency: given.Currency,
    eventDate: given.EventDate,
    creationDate: given.CreationDate,
    lockingDate: given.LockingDate,
    details: { ...details, ...defined({ MediaPartnerId, CustomerId, CustomerStatus }) },
  };
  return defined(changes);
}

function defined<Values extends object>(
  values: Values,
): { [Name in keyof Values]?: NonNullable<Values[Name]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [Name in keyof Values]?: NonNullable<Values[Name]> };
}
