import type { Router } from 'express';
import { z } from 'zod';
import { orderIdOf } from './order-id-query.js';
import type { SandboxState } from './state.js';
import { outcomeSchema } from './submissions/outcomes.js';
import { processDue, processNow } from './submissions/process-submissions.js';
import { submissionObject } from './submissions/submission-object.js';

const clockSchema = z.strictObject({ advanceMs: z.int().min(0) });
const processSchema = z.strictObject({
  orderId: z.string().optional(),
  status: z.enum(['In Progress', 'Complete']).default('Complete'),
});

/** The time at Impact, and what becomes of what was submitted. */
export function addProcessingRoutes(router: Router, state: SandboxState, accountSid: string): void {
  const { clock, outcomes, submissions } = state;

  router.get('/clock', (_req, res) => {
    res.json({ now: new Date(clock.now()).toISOString() });
  });
  router.post('/clock', (req, res) => {
    clock.advance(clockSchema.parse(req.body).advanceMs);
    res.json({ now: new Date(clock.now()).toISOString() });
  });

  router.post('/process', (req, res) => {
    res.json({ processed: processNow(state, processSchema.parse(req.body)) });
  });
  router.get('/submissions', (req, res) => {
    processDue(state);
    res.json({
      submissions: submissions
        .of(orderIdOf(req))
        .map((submission) => submissionObject(submission, accountSid)),
    });
  });

  router.get('/outcomes', (_req, res) => {
    res.json({ outcomes: outcomes.list() });
  });
  router.post('/outcomes', (req, res) => {
    res.status(201).json(outcomes.plan(outcomeSchema.parse(req.body)));
  });
  router.delete('/outcomes', (req, res) => {
    outcomes.clear(orderIdOf(req));
    res.sendStatus(204);
  });
}
