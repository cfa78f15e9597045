import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProblemCode } from '../../src/api/problem.js';
import { type Stack, startStack } from '../support/stack.js';
import { expectProblem, namedFields } from './support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const PUBLISH = '/v1/conversions';
const post = (token: string | undefined, body: string | Buffer, headers: Record<string, string> = {}) =>
  stack.api.call(PUBLISH, {
    method: 'POST',
    body: body as never,
    headers,
    ...(token === undefined ? {} : { token }),
  });

/** The first bytes that the server sends to a client that announces a body and sends none. */
async function answerWithoutBody(token: string | undefined): Promise<string> {
  const { port, hostname } = new URL(stack.apiUrl);
  const socket = connect(Number(port), hostname);
  const authorization = token === undefined ? '' : `Authorization: Bearer ${token}\r\n`;
  socket.write(
    `POST ${PUBLISH} HTTP/1.1\r\nHost: a\r\n${authorization}` +
      'Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n',
  );
  const [bytes] = await once(socket, 'data');
  socket.destroy();
  return String(bytes);
}

describe('the token is checked', () => {
  it.each<[string, () => string | undefined | Promise<string>, ProblemCode]>([
    ['no token', () => undefined, 'token_missing'],
    ['junk', () => 'a.b.c', 'token_malformed'],
    ['a user in place of a machine', () => stack.api.tokens.session('user_1'), 'machine_token_required'],
    ['a machine without the scope', () => stack.api.tokens.machine('other'), 'insufficient_scope'],
  ])('before a body arrives, with %s', async (_what, token, code) => {
    expect(await answerWithoutBody(await token())).toContain(`"code":"${code}"`);
  });

  it.each([
    ['is not JSON', '{', {}],
    ['is too large', 'x'.repeat(100_000), {}],
    ['is not compressed as declared', '{}', { 'Content-Encoding': 'gzip' }],
    ['has an unknown encoding', '{}', { 'Content-Encoding': 'zstd' }],
  ] as const)('before a body is read that %s', async (_what, body, headers) => {
    expectProblem(await post(undefined, body, headers), 401, 'token_missing');
  });
});

describe('a body', () => {
  it('that inflates to 100 MB from 100 kB is too large', async () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    const token = await stack.api.tokens.machine('conversions:publish');
    expectProblem(await post(token, bomb, { 'Content-Encoding': 'gzip' }), 413, 'body_too_large');
  });

  it('that is compressed and small is read', async () => {
    const token = await stack.api.tokens.machine('conversions:publish');
    const body = gzipSync(JSON.stringify({ campaignEventId: 'renewal' }));
    expectProblem(await post(token, body, { 'Content-Encoding': 'gzip' }), 400, 'unknown_campaign_event');
  });

  it('of 1,500 unknown keys is answered with ten of them, and with how many there are', async () => {
    const keys = Array.from({ length: 1_500 }, (_, index) => [`k${index}`, 1]);
    const answer = await stack.api.setAttribution('user_1', { clickId: 'a', ...Object.fromEntries(keys) });
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual(keys.slice(0, 10).map(([key]) => key));
    expect(answer.body.detail).toContain('k9: is unknown; and 1490 more.');
    expect(JSON.stringify(answer.body).length).toBeLessThan(2_000);
  });

  it('is answered with no more than the beginning of a long key', async () => {
    const answer = await stack.api.setAttribution('user_1', { clickId: 'a', ['k'.repeat(15_000)]: 1 });
    expect(namedFields(answer)).toEqual([`${'k'.repeat(99)}…`]);
    expect(JSON.stringify(answer.body).length).toBeLessThan(1_000);
  });

  it('is answered with no more than the beginning of a long value', async () => {
    const answer = await stack.api.publish({ campaignEventId: 'x'.repeat(15_000) });
    expectProblem(answer, 400, 'unknown_campaign_event');
    expect(answer.body.detail.length).toBeLessThanOrEqual(1_000);
  });
});

describe('what a terminal would obey is written as an escape in the answer for', () => {
  it('an unknown key', async () => {
    const answer = await stack.api.setAttribution('user_1', { clickId: 'a', 'a\u202eb\u0085\u2028': 1 });
    expect(namedFields(answer)).toEqual(['a\\u202eb\\u0085\\u2028']);
    expect(answer.body.detail).toContain('a\\u202eb\\u0085\\u2028: is unknown');
  });

  it('an id in the path', async () => {
    const answer = await stack.api.conversion('signup:\u202e\u001b[31m');
    expectProblem(answer, 404, 'conversion_not_found');
    expect(answer.body.detail).toContain('signup:\\u202e\\u001b[31m');
  });
});

describe('a query', () => {
  it('with a key of 10 kB is answered with its beginning', async () => {
    const answer = await stack.api.conversions(`?${'k'.repeat(10_000)}=1`);
    expectProblem(answer, 400, 'invalid_request');
    expect(JSON.stringify(answer.body).length).toBeLessThan(1_000);
  });
});

it('a user is created by no request that is refused for its body', async () => {
  const clerkId = `user_${randomUUID()}`;
  expectProblem(await stack.api.setAttribution(clerkId, { clickId: '' }), 400, 'invalid_request');
  expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
});
