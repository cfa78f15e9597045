import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../dev/ports.js';
import { serve } from '../../dev/serve.js';
import { readinessCheck } from '../../src/operations/check-readiness.js';
import { runChecks } from '../../src/operations/run-checks.js';

async function answering(status: number, body: string): Promise<string> {
  const { url, stop } = await serve(
    createServer((_request, response) => response.writeHead(status).end(body)),
  );
  onTestFinished(stop);
  return url;
}

const check = async (url: string) => (await runChecks([readinessCheck('API', url)]))[0];

it('an API that is ready is in order', async () => {
  const url = await answering(200, '{"ready":true}');
  expect(await check(url)).toEqual({ name: 'API', state: 'ok', detail: `${url} is ready` });
});

it('an API that is not ready says why', async () => {
  const url = await answering(503, '{"ready":false,"reason":"MongoDB does not answer"}');
  expect(await check(url)).toMatchObject({
    state: 'failed',
    detail: `${url}/readyz answers 503: {"ready":false,"reason":"MongoDB does not answer"}`,
    next: 'Read the log of the API.',
  });
});

it('an API that is away is named by its address', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  expect(await check(url)).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(new RegExp(`^${url}/readyz does not answer: fetch failed`)),
  });
});
