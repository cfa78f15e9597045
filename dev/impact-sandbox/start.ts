import { createServer } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import express, { type Express } from 'express';
import { serve } from '../serve.js';
import { sendAnswer } from './answers.js';
import { createFaults, sendFault } from './faults.js';
import { createImpactApi } from './impact-api.js';
import { openJournal } from './journal.js';
import { readRequest } from './read-request.js';
import type { ReceivedRequest } from './received.js';
import { createSandboxRoutes } from './sandbox-routes.js';
import { createState, type SettingsChanges } from './state.js';

export interface ImpactSandboxOptions extends SettingsChanges {
  accountSid: string;
  authToken: string;
  /** 0 (the default) takes a free port. */
  port?: number;
  host?: string;
  /** The file in which the sandbox keeps what it took, for its next start. Without one, everything is in memory alone. */
  journal?: string;
}

/**
 * A test double of Impact.com's API for conversions, their submissions and their Actions. It was built from Impact's
 * documentation and has never been compared with the live API. It speaks plain HTTP, for use on one machine; Impact
 * itself accepts HTTPS only.
 */
export async function startImpactSandbox(options: ImpactSandboxOptions) {
  const { host = '127.0.0.1', port = 0, ...appOptions } = options;
  const server = createServer(createApp(appOptions));
  // The server closes no idle connection that a caller on a busy machine still uses: only a fault breaks one.
  server.keepAliveTimeout = 60_000;
  return serve(server, { port, host });
}

type AppOptions = Omit<ImpactSandboxOptions, 'host' | 'port'>;

/** `/_sandbox` controls the sandbox. Every other path is Impact's; a fault applies before anything else, as in an outage. */
function createApp({ accountSid, authToken, journal, ...settings }: AppOptions): Express {
  const state = createState(settings, openJournal(journal));
  const faults = createFaults();
  const answerRequest = createImpactApi({ accountSid, authToken, state });

  const app = express();
  app.use('/_sandbox', createSandboxRoutes(accountSid, state, faults));
  app.use(async (req, res) => {
    const request = await readRequest(req);
    const { method, url, headers, orderId } = request;
    const fault = faults.take(request, orderId ?? state.submissions.find(request.id)?.orderId);
    const receivedAt = new Date().toISOString();
    const entry: ReceivedRequest = { receivedAt, method, url, orderId, headers, fault: fault?.kind };
    state.requests.push(entry);
    // The timer is unreferenced, so that a stopped sandbox keeps no process alive.
    if (fault?.delayMs) await setTimeout(fault.delayMs, undefined, { ref: false });

    const answer = !fault || fault.accepted ? answerRequest(request) : undefined;
    if (fault && fault.kind !== 'delay') sendFault(req, res, fault);
    else if (answer) sendAnswer(res, answer);
    if (res.headersSent) entry.status = res.statusCode;
  });
  return app;
}
