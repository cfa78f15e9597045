import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createLogger } from '../../src/logger.js';
import { type Stack, startStack } from '../support/stack.js';
import { sendRaw } from './support.js';

let stack: Stack;
let written: string[] = [];

const logger = createLogger('debug', { destination: { write: (line) => void written.push(line) } });

beforeAll(async () => {
  stack = await startStack({ worker: false, logger });
});
afterAll(() => stack.stop());
beforeEach(() => {
  written = [];
});

/** The only line that the request left. */
async function lineOf(request: Promise<unknown>) {
  await request;
  await expect.poll(() => written.length).toBeGreaterThan(0);
  expect(written).toHaveLength(1);
  const [text = ''] = written;
  return { text, line: JSON.parse(text) };
}

describe('the line of a request', () => {
  it('names the route, the outcome and the conversion', async () => {
    const { line } = await lineOf(stack.api.conversion('signup:1'));
    expect(line).toMatchObject({
      msg: 'request completed',
      conversionId: 'signup:1',
      req: { method: 'GET', url: '/v1/conversions/:conversionId' },
      res: { statusCode: 404, code: 'conversion_not_found' },
      responseTime: expect.any(Number),
    });
  });

  it('has the parameters that the route knows', async () => {
    const { line } = await lineOf(stack.api.conversions('?status=parked&limit=5'));
    expect(line.req).toEqual({
      method: 'GET',
      url: '/v1/conversions',
      query: { status: 'parked', limit: 5 },
    });
  });

  it.each([
    ['of an unknown name', '/v1/conversions?email=jane@example.com'],
    ['of a known name, but invalid', '/v1/conversions?status=jane@example.com'],
    ['of a route that has none', '/v1/me?email=jane@example.com'],
    ['of an unknown path', '/nowhere?email=jane@example.com'],
  ])('has no parameter %s', async (_what, path) => {
    const token = await stack.api.tokens.machine('conversions:read');
    const { text } = await lineOf(stack.api.call(path, { token }));
    expect(text).not.toContain('jane');
  });

  it.each(['/v1/conversions?clerkId=', '/v1/conversions/find?text=', '/v1/users/'])(
    'has no id by which the token issuer knows a person: %s',
    async (path) => {
      const token = await stack.api.tokens.machine('conversions:read');
      const { text } = await lineOf(stack.api.call(`${path}user_jane`, { token }));
      expect(text).not.toContain('jane');
    },
  );

  it('has no parameter of an unauthenticated request', async () => {
    const { text } = await lineOf(stack.api.call('/v1/conversions?reason=made-up'));
    expect(text).not.toContain('made-up');
  });

  it.each([undefined, 'a.b.c'])('has no conversion that an unauthenticated request names', async (token) => {
    const init = token === undefined ? {} : { token };
    const { text } = await lineOf(stack.api.call('/v1/conversions/signup:made-up', init));
    expect(text).not.toContain('made-up');
    expect(JSON.parse(text)).not.toHaveProperty('conversionId');
  });

  it('has the beginning of a path of 15 kB, once', async () => {
    const { text } = await lineOf(stack.api.call(`/${'x'.repeat(15_000)}`));
    expect(text.length).toBeLessThan(600);
    expect(text.match(/x{10,}/g)).toHaveLength(1);
  });

  it('has the beginning of a conversion id of 15 kB', async () => {
    const { text } = await lineOf(stack.api.conversion('x'.repeat(15_000)));
    expect(text.length).toBeLessThan(600);
  });

  it('has no header, however long', async () => {
    const headers = ['X-Affiliate-Click-Id', 'User-Agent', 'Referer', 'X-Forwarded-For'].map(
      (name) => `${name}: ${'header'.repeat(500)}`,
    );
    const { text } = await lineOf(sendRaw(stack.apiUrl, ['GET /v1/me HTTP/1.1', ...headers]));
    expect(text).not.toContain('header');
    expect(text.length).toBeLessThan(600);
  });

  it('says that the caller left before the answer', async () => {
    const { port, hostname } = new URL(stack.apiUrl);
    const token = await stack.api.tokens.machine('conversions:publish');
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/conversions HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 1000\r\nExpect: 100-continue\r\n\r\n',
    );
    // "100 Continue": the server has the headers, and waits for the body.
    await once(socket, 'data');
    socket.destroy();
    const { line } = await lineOf(once(socket, 'close'));
    expect(line).toMatchObject({ msg: 'request aborted', req: { url: '/v1/conversions' } });
  });
});

describe('a failure', () => {
  it('leaves two lines, and neither has what the caller made up', async () => {
    const broken = await startStack({ worker: false, logger });
    onTestFinished(() => broken.stop());
    await broken.db.close();
    await broken.api.call(`/v1/me?${'x'.repeat(9_000)}`, {
      token: await broken.api.tokens.session(`user_${randomUUID()}`),
    });
    await expect.poll(() => written.length).toBe(2);
    expect(written.map((line) => JSON.parse(line).level)).toEqual([50, 40]);
    expect(written.join('')).not.toContain('xxx');
  });
});
