import express, { type ErrorRequestHandler, Router } from 'express';
import { z } from 'zod';
import { addActionRoutes } from './action-routes.js';
import { type Faults, faultSchema } from './faults.js';
import { orderIdOf } from './order-id-query.js';
import { addProcessingRoutes } from './processing-routes.js';
import { changeSettings, settingsSchema } from './settings.js';
import type { SandboxState } from './state.js';

interface SandboxRoutesDeps {
  accountSid: string;
  state: SandboxState;
  faults: Faults;
}

/** What the sandbox saw, and what it shall do next. None of this exists at Impact. */
export function createSandboxRoutes({ accountSid, state, faults }: SandboxRoutesDeps): Router {
  const { received } = state;
  const router = Router();
  router.use(express.json({ type: () => true }));

  router.get('/conversions', (req, res) => {
    res.json({ conversions: received.conversions(orderIdOf(req)) });
  });
  router.get('/requests', (req, res) => {
    res.json({ requests: received.requests(orderIdOf(req)) });
  });
  router.delete('/conversions', (req, res) => {
    state.forget(orderIdOf(req));
    res.sendStatus(204);
  });

  router.get('/faults', (_req, res) => {
    res.json({ faults: faults.list() });
  });
  router.post('/faults', (req, res) => {
    res.status(201).json(faults.add(faultSchema.parse(req.body)));
  });
  router.delete('/faults', (req, res) => {
    faults.clear(orderIdOf(req));
    res.sendStatus(204);
  });

  router.post('/settings', (req, res) => {
    res.json(changeSettings(state.settings, settingsSchema.parse(req.body)));
  });

  addProcessingRoutes(router, state, accountSid);
  addActionRoutes(router, state, accountSid);

  router.use((req, res) => {
    res.status(404).json({ errors: [{ field: 'path', message: `No ${req.method} ${req.originalUrl}` }] });
  });
  router.use(handleError);
  return router;
}

const handleError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (!(error instanceof z.ZodError)) {
    res.status(400).json({ errors: [{ field: 'body', message: String(error) }] });
    return;
  }
  const errors = error.issues.map((issue) => ({
    field: issue.code === 'unrecognized_keys' ? issue.keys.join(', ') : issue.path.join('.') || 'body',
    message: issue.message,
  }));
  res.status(400).json({ errors });
};
