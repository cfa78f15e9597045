import { expect, onTestFinished, test } from 'vitest';
import { serve } from '../../../dev/serve.js';
import type { Principal } from '../../../src/api/authenticate.js';
import { createErrorHandler } from '../../../src/api/handle-error.js';
import { limitCallers } from '../../../src/api/limit-requests.js';
import { exactApp } from '../../../src/exact-paths.js';
import { createHttpServer } from '../../../src/http-server.js';
import { createMetrics } from '../../../src/metrics.js';
import { logger } from '../../support/runtime.js';
import { caller, documented, documentedEnvironment, keys } from './support.js';

/** Each may send one request. */
async function startLimited(callers: Record<string, Principal>) {
  const rateLimits = { user: 1, machine: 1, address: 0 };
  const app = exactApp()
    .use((request, response, next) => {
      response.locals.principal = callers[request.headers.authorization ?? ''];
      next();
    })
    .use(limitCallers({ metrics: createMetrics(), logger, rateLimits }))
    .use((_request, response) => void response.json({}))
    .use(createErrorHandler(logger));
  const { url, stop } = await serve(createHttpServer(app));
  onTestFinished(stop);
  return async (who: string) => (await fetch(url, { headers: { Authorization: who } })).status;
}

test('a user and a machine of two issuers with one subject, and another user, have a limit each', async () => {
  const env = documentedEnvironment('Users of one issuer, machines of another');
  const { machine } = documented('Auth0');
  const { user } = documented('Clerk');
  const send = await startLimited({
    machine: await caller(env, machine, keys.machines),
    user: await caller(env, { ...user, sub: machine.sub }),
    another: await caller(env, user),
  });
  for (const who of ['machine', 'user', 'another']) expect(await send(who)).toBe(200);
  for (const who of ['machine', 'user', 'another']) expect(await send(who)).toBe(429);
});
