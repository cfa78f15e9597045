import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { serve } from '../../dev/serve.js';
import { createErrorHandler } from '../../src/api/handle-error.js';
import { limitAddresses, type TrustProxy } from '../../src/api/limit-requests.js';
import { Problem, type ProblemCode } from '../../src/api/problem.js';
import { exactApp } from '../../src/exact-paths.js';
import { createHttpServer } from '../../src/http-server.js';
import { createLogger } from '../../src/logger.js';
import { createMetrics } from '../../src/metrics.js';
import type { ApiAnswer } from '../support/api-caller.js';
import { sampleOf } from '../support/metrics-page.js';
import { type Stack, startStack } from '../support/stack.js';
import { expectProblem } from './support.js';

const ORIGIN = 'https://app.example.com';
const LIMITS = { user: 3, machine: 6, address: 4 };

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false, rateLimits: LIMITS, allowedOrigins: [ORIGIN] });
});
afterAll(() => stack.stop());
afterEach(() => {
  vi.useRealTimers();
});

async function times<T>(count: number, run: (index: number) => Promise<T>): Promise<T[]> {
  const answers: T[] = [];
  for (let index = 0; index < count; index += 1) answers.push(await run(index));
  return answers;
}

const statuses = (answers: readonly { status: number }[]) => answers.map(({ status }) => status);
const refused = async (metrics: Stack['metrics'], limit: string) =>
  sampleOf(await metrics.registry.metrics(), 'affiliate_api_requests_refused_total', { limit }) ?? 0;

function expectRefusal(answer: ApiAnswer, name: string): void {
  expectProblem(answer, 429, 'too_many_requests');
  const retryAfter = Number(answer.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThan(0);
  expect(retryAfter).toBeLessThanOrEqual(60);
  expect(answer.headers.get('ratelimit')).toMatch(new RegExp(`^"${name}"; r=0; t=\\d+$`));
  expect(answer.headers.get('cache-control')).toBe('no-store');
}

describe('a user', () => {
  it('is refused over its limit, and Retry-After says when to try again', async () => {
    const clerkId = `user_${randomUUID()}`;
    const before = await refused(stack.metrics, 'user');
    const answers = await times(4, () => stack.api.me(clerkId));
    expect(statuses(answers)).toEqual([200, 200, 200, 429]);
    expectRefusal(answers[3] as ApiAnswer, 'user');
    expect(await refused(stack.metrics, 'user')).toBe(before + 1);
  });

  it('sees in each answer how much is left', async () => {
    const clerkId = `user_${randomUUID()}`;
    const answers = await times(2, () => stack.api.me(clerkId));
    expect(answers.map(({ headers }) => headers.get('ratelimit')?.replace(/t=\d+/, 't'))).toEqual([
      '"user"; r=2; t',
      '"user"; r=1; t',
    ]);
    expect(answers[0]?.headers.get('ratelimit-policy')).toMatch(/^"user"; q=3; w=60; pk=:/);
  });

  it('has one limit for all routes and all its sessions', async () => {
    const clerkId = `user_${randomUUID()}`;
    await times(3, (index) => stack.api.setAttribution(clerkId, { clickId: `click-${index}` }));
    const token = await stack.api.tokens.session(clerkId, { sid: 'sess_other' });
    expect((await stack.api.call('/v1/me', { token })).status).toBe(429);
  });

  it('does not use up the limit of another user', async () => {
    const clerkId = `user_${randomUUID()}`;
    await times(4, () => stack.api.me(clerkId));
    expect((await stack.api.me(`user_${randomUUID()}`)).status).toBe(200);
  });

  it('is limited also where it may not go', async () => {
    const token = await stack.api.tokens.session(`user_${randomUUID()}`);
    const answers = await times(4, () => stack.api.call('/v1/conversions', { token }));
    expect(statuses(answers)).toEqual([403, 403, 403, 429]);
  });

  it('is served again after a minute', async () => {
    const clerkId = `user_${randomUUID()}`;
    await times(4, () => stack.api.me(clerkId));
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect((await stack.api.me(clerkId)).status).toBe(200);
  });

  it('that is refused writes nothing', async () => {
    const clerkId = `user_${randomUUID()}`;
    await times(3, () => stack.api.me(clerkId));
    expect((await stack.api.setAttribution(clerkId, { clickId: 'late' })).status).toBe(429);
    expect((await stack.db.users.findOne({ clerkId }).lean())?.attribution).toBeUndefined();
  });

  it("can tell in a browser's page that it is refused", async () => {
    const token = await stack.api.tokens.session(`user_${randomUUID()}`);
    const answers = await times(4, () => stack.api.call('/v1/me', { token, headers: { Origin: ORIGIN } }));
    expectRefusal(answers[3] as ApiAnswer, 'user');
    expect(answers[3]?.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });
});

describe('a machine', () => {
  it('has a limit of its own, which may be far higher', async () => {
    const answers = await times(7, () => stack.api.conversions());
    expect(statuses(answers)).toEqual([200, 200, 200, 200, 200, 200, 429]);
    expectRefusal(answers[6] as ApiAnswer, 'machine');
  });
});

describe('without limits', () => {
  it('no answer speaks of one', async () => {
    const unlimited = await startStack({ worker: false });
    onTestFinished(() => unlimited.stop());
    const answers = await times(5, () => unlimited.api.me('user_1'));
    expect(statuses(answers)).toEqual([200, 200, 200, 200, 200]);
    expect(answers[4]?.headers.has('ratelimit')).toBe(false);
  });
});

/** The middleware before a route that fails with this code, or succeeds without one. */
async function startLimited(options: { trustProxy?: TrustProxy; code?: ProblemCode } = {}) {
  const { trustProxy, code = 'token_malformed' } = options;
  const lines: string[] = [];
  const logger = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
  const metrics = createMetrics();
  let reached = 0;
  const app = exactApp()
    .set('trust proxy', trustProxy ?? false)
    .use(limitAddresses({ metrics, logger, rateLimits: LIMITS, trustProxy }))
    .use((request, response) => {
      reached += 1;
      if (request.headers.authorization !== 'valid') throw new Problem(code, 'no');
      response.locals.principal = { kind: 'session', clerkId: 'user_1' };
      response.json({});
    })
    .use(createErrorHandler(logger));
  const { url, stop } = await serve(createHttpServer(app));
  onTestFinished(stop);
  const call = async (headers: Record<string, string> = {}, method = 'GET'): Promise<ApiAnswer> => {
    const response = await fetch(url, { method, headers });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
  };
  return { call, lines, metrics, reached: () => reached };
}

const from = (address: string) => ({ 'X-Forwarded-For': address });

describe('an address that sends no valid token', () => {
  it('is refused after its limit, before the token is checked', async () => {
    const { call, metrics, reached } = await startLimited();
    const answers = await times(6, () => call());
    expect(statuses(answers)).toEqual([401, 401, 401, 401, 429, 429]);
    expectRefusal(answers[4] as ApiAnswer, 'address');
    expect(reached()).toBe(4);
    expect(await refused(metrics, 'address')).toBe(2);
  });

  it('is refused a valid token too, because the check is what costs', async () => {
    const { call } = await startLimited();
    await times(4, () => call());
    expect((await call({ Authorization: 'valid' })).status).toBe(429);
  });

  it('is served again after a minute', async () => {
    const { call } = await startLimited();
    await times(5, () => call());
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 61_000 });
    expect((await call()).status).toBe(401);
  });

  it.each([
    ['a request to an unknown path', 'route_not_found'],
    ['a token with an unknown key', 'token_key_pending'],
  ] as const)('uses its limit up by %s', async (_what, code) => {
    const { call } = await startLimited({ code });
    expect((await times(5, () => call())).at(-1)?.status).toBe(429);
  });
});

describe('the limit of an address is not used up by', () => {
  it('valid tokens: a server of the website sends all users from one address', async () => {
    const { call } = await startLimited();
    expect(new Set(statuses(await times(9, () => call({ Authorization: 'valid' }))))).toEqual(new Set([200]));
  });

  it.each([
    ['expired tokens, which every client sends now and then', 'token_expired', 401],
    ['ended sessions of the console, whose page asks again', 'session_expired', 401],
    ["an outage of the issuer's keys", 'authentication_unavailable', 503],
    ['an error of ours', 'internal_error', 500],
  ] as const)('%s', async (_what, code, status) => {
    const { call } = await startLimited({ code });
    expect(new Set(statuses(await times(9, () => call())))).toEqual(new Set([status]));
  });

  it('preflights of a browser', async () => {
    const { call } = await startLimited();
    expect(statuses(await times(9, () => call({}, 'OPTIONS')))).not.toContain(429);
  });

  it('checks of health', async () => {
    const answers = await times(9, () => stack.api.call('/healthz'));
    expect(new Set(statuses(answers))).toEqual(new Set([200]));
  });
});

describe('behind a proxy', () => {
  it('each client has a limit of its own', async () => {
    const { call } = await startLimited({ trustProxy: 1 });
    await times(4, () => call(from('203.0.113.1')));
    expect((await call(from('203.0.113.1'))).status).toBe(429);
    expect((await call(from('203.0.113.2'))).status).toBe(401);
  });

  it('a client does not choose its address', async () => {
    const { call } = await startLimited({ trustProxy: 1 });
    const answers = await times(5, (index) => call(from(`198.51.100.${index}, 203.0.113.1`)));
    expect(answers.at(-1)?.status).toBe(429);
  });

  it('named by its address, only that proxy is believed', async () => {
    const { call } = await startLimited({ trustProxy: ['10.0.0.0/8'] });
    const answers = await times(5, (index) => call(from(`203.0.113.${index}`)));
    expect(answers.at(-1)?.status).toBe(429);
  });

  it('the addresses of one IPv6 customer count as one', async () => {
    const { call } = await startLimited({ trustProxy: 1 });
    await times(4, (index) => call(from(`2001:db8:1:1${index}::${index}`)));
    expect((await call(from('2001:db8:1:10::9'))).status).toBe(429);
    expect((await call(from('2001:db8:2::1'))).status).toBe(401);
  });

  it('that is not configured, no client shuts out the others, and a warning names the variable once', async () => {
    const { call, lines } = await startLimited();
    expect(statuses(await times(9, () => call(from('203.0.113.1'))))).not.toContain(429);
    const warnings = lines.map((line) => JSON.parse(line)).filter(({ level }) => level === 40);
    expect(warnings).toMatchObject([
      { code: 'client_address_unknown', msg: expect.stringContaining('TRUST_PROXY') },
    ]);
  });

  it('a client cannot invent an address where TRUST_PROXY says that there is no proxy', async () => {
    const { call } = await startLimited({ trustProxy: 0 });
    const answers = await times(5, (index) => call(from(`203.0.113.${index}`)));
    expect(answers.at(-1)?.status).toBe(429);
  });
});
