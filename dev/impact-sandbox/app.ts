import { setTimeout } from 'node:timers/promises';
import express, { type Express } from 'express';
import { sendAnswer } from './answers.js';
import { createFaults, type Fault } from './faults.js';
import { createImpactApi } from './impact-api.js';
import { readRequest } from './read-request.js';
import { orderOf, resourceOf } from './resources.js';
import { createSandboxRoutes } from './sandbox-routes.js';
import { sendFault } from './send-fault.js';
import type { SettingsInput } from './settings.js';
import { createState } from './state.js';

export interface SandboxAppOptions extends SettingsInput {
  accountSid: string;
  authToken: string;
  /** The time at Impact, in milliseconds; `POST /_sandbox/clock` moves it on from there. */
  now?: () => number;
  /** Decides which requests a fault with a `share` hits. */
  random?: () => number;
}

/** `/_sandbox` steers and inspects; every other path is Impact's, and is met by faults first, as in an outage. */
export function createSandboxApp(options: SandboxAppOptions): Express {
  const { accountSid, authToken, now = Date.now, random = Math.random } = options;
  const state = createState(options, now);
  const faults = createFaults(random);
  const answerRequest = createImpactApi({ accountSid, authToken, state });

  const app = express();
  app.use('/_sandbox', createSandboxRoutes({ accountSid, state, faults }));
  app.use(async (req, res) => {
    const request = await readRequest(req);
    const fault = faults.take({
      resource: resourceOf(request),
      orderId: orderOf(request, state),
      actionTrackerId: request.fields.get('ActionTrackerId'),
    });
    const entry = state.received.addRequest(request, fault?.kind);
    // Unreferenced, so that a stopped sandbox keeps no process alive.
    if (fault?.kind === 'delay') await setTimeout(fault.delayMs, undefined, { ref: false });

    const answer = isProcessed(fault) ? answerRequest(request) : undefined;
    entry.accepted = answer?.body.Status === 'QUEUED';
    if (fault && fault.kind !== 'delay') sendFault(req, res, fault);
    else if (answer) sendAnswer(req, res, answer);
    if (res.headersSent) entry.status = res.statusCode;
  });
  return app;
}

function isProcessed(fault: Fault | undefined): boolean {
  return !fault || fault.kind === 'delay' || ('accepted' in fault && fault.accepted);
}
