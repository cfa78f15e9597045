import express, { type ErrorRequestHandler, type Request, Router } from 'express';
import { z } from 'zod';
import { type Action, actionObject, newAction, withAmount } from './actions.js';
import type { Faults } from './faults.js';
import { date } from './impact-date.js';
import { parseOutcome } from './outcomes.js';
import { ofOrder, receivedConversion } from './received.js';
import type { SandboxState } from './state.js';
import { processSubmissions } from './submissions.js';

/** What the sandbox received, and what it shall do next. Impact has none of this. */
export function createSandboxRoutes(accountSid: string, state: SandboxState, faults: Faults): Router {
  const router = Router();
  router.use(express.json({ type: () => true }));

  router.get('/requests', (req, res) => {
    res.json({ requests: ofOrder(state.requests, orderIdOf(req)) });
  });
  router.get('/conversions', (req, res) => {
    const taken = ofOrder(state.submissions.ofType('Conversion'), orderIdOf(req));
    res.json({ conversions: taken.map((conversion) => receivedConversion(conversion, accountSid)) });
  });
  router.get('/faults', (_req, res) => void res.json({ faults: faults.list() }));
  router.post('/faults', (req, res) => void res.status(201).json(faults.add(req.body)));
  router.delete('/faults', (req, res) => {
    faults.clear(orderIdOf(req));
    res.sendStatus(204);
  });
  router.post('/outcomes', (req, res) => {
    const outcome = parseOutcome(req.body);
    state.record({ outcome });
    res.status(201).json(outcome);
  });
  router.delete('/outcomes', (req, res) => {
    state.record({ cleared: orderIdOf(req) ?? null });
    res.sendStatus(204);
  });
  router.post('/settings', (req, res) => void res.json(state.change(req.body)));

  addActionRoutes(router, state, accountSid);
  router.use(handleError);
  return router;
}

const changeSchema = z
  .strictObject({
    State: z.enum(['PENDING', 'APPROVED', 'REVERSED']),
    Amount: z.number().min(0),
    EventDate: date,
    LockingDate: date,
    MediaPartnerId: z.int().positive(),
  })
  .partial();
const plantSchema = changeSchema.extend({
  Oid: z.string().min(1),
  CampaignId: z.int().positive().default(48046),
  ActionTrackerId: z.int().positive(),
});

/**
 * Actions that were not submitted here, and changes that were made at Impact. When Impact reattributes, it reverses an Action
 * ("System Reattributed Order") and creates "a new Pending action … with the same orderId": PATCH the one and POST the other.
 * https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
 */
function addActionRoutes(router: Router, state: SandboxState, accountSid: string): void {
  const { actions } = state;
  router.get('/actions', (req, res) => {
    processSubmissions(state);
    res.json({ actions: ofOrder(actions, orderIdOf(req)).map((action) => actionView(action, accountSid)) });
  });
  router.post('/actions', (req, res) => {
    const { Oid, CampaignId, ActionTrackerId, ...changes } = plantSchema.parse(req.body);
    const facts = { orderId: Oid, campaignId: CampaignId, actionTrackerId: ActionTrackerId };
    const action = newAction(actions, { ...facts, ...changesOf(changes) });
    state.record({ action });
    res.status(201).json(actionView(action, accountSid));
  });
  router.patch('/actions/:id', (req, res, next) => {
    const found = actions.find(({ id }) => id === req.params.id);
    if (!found) return next();
    const changed = { ...found, ...changesOf(changeSchema.parse(req.body)) };
    const action = changed.amount === found.amount ? changed : withAmount(changed, changed.amount);
    state.record({ action });
    res.json(actionView(action, accountSid));
  });
}

/** The Action as Impact shows it, and its items, which Impact has at a path of their own. */
function actionView(action: Action, accountSid: string) {
  const items = action.items?.map(({ sku, quantity, amount }) => ({
    Sku: sku,
    Quantity: quantity,
    Amount: amount,
  }));
  return { ...actionObject(action, accountSid), ...(items && { Items: items }) };
}

function changesOf(given: z.output<typeof changeSchema>) {
  const { State, Amount, EventDate, LockingDate, MediaPartnerId } = given;
  return {
    ...(State && { state: State }),
    ...(Amount !== undefined && { amount: Amount }),
    ...(EventDate && { eventDate: EventDate }),
    ...(LockingDate && { lockingDate: LockingDate }),
    ...(MediaPartnerId && { mediaPartnerId: MediaPartnerId }),
  };
}

function orderIdOf({ query }: Request): string | undefined {
  return z.strictObject({ orderId: z.string().optional() }).parse(query).orderId;
}

const handleError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  res.status(400).json({ error: error instanceof z.ZodError ? z.prettifyError(error) : String(error) });
};
