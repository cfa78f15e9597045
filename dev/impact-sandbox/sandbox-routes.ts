import express, { type ErrorRequestHandler, type Request, Router } from 'express';
import { z } from 'zod';
import type { ErrorShape } from './answers.js';
import { type Faults, faultSchema } from './faults.js';
import type { Received } from './received.js';

interface SandboxRoutesDeps {
  settings: { errorShape: ErrorShape };
  received: Received;
  faults: Faults;
}

const settingsSchema = z.strictObject({ errorShape: z.enum(['general', 'v14']) });
const querySchema = z.strictObject({ orderId: z.string().optional() });

/** What the sandbox saw, and what it shall do next. None of this exists at Impact. */
export function createSandboxRoutes({ settings, received, faults }: SandboxRoutesDeps): Router {
  const router = Router();
  router.use(express.json({ type: () => true }));

  router.get('/conversions', (req, res) => {
    res.json({ conversions: received.conversions(orderIdOf(req)) });
  });
  router.get('/requests', (req, res) => {
    res.json({ requests: received.requests(orderIdOf(req)) });
  });
  router.delete('/conversions', (req, res) => {
    received.clear(orderIdOf(req));
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
    res.json(Object.assign(settings, settingsSchema.parse(req.body)));
  });

  router.use((req, res) => {
    res.status(404).json({ errors: [{ field: 'path', message: `No ${req.method} ${req.originalUrl}` }] });
  });
  router.use(handleError);
  return router;
}

function orderIdOf(req: Request): string | undefined {
  return querySchema.parse(req.query).orderId;
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
