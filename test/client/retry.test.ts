import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAffiliateClient, type RetryOptions } from '../../client/src/index.js';
import { breakOff, problem, startScriptedApi, status, stayAway } from './scripted-api.js';

let api: Awaited<ReturnType<typeof startScriptedApi>>;

beforeAll(async () => {
  api = await startScriptedApi();
});
afterAll(() => api.stop());

const BODY = { campaignEventId: 'signup', clerkId: 'user_1' } as const;

function publish(retry: RetryOptions = {}, signal?: AbortSignal) {
  const client = createAffiliateClient({ baseUrl: api.url, token: 't', retry: { pauseMs: 2, ...retry } });
  return client.POST('/v1/conversions', { body: BODY, ...(signal ? { signal } : {}) });
}

const inAnHour = () => new Date(Date.now() + 3_600_000).toUTCString();

describe('a request is sent again', () => {
  it.each([
    ['no answer', breakOff],
    ['429', problem(429, 'too_many_requests')],
    ['502 of a proxy', status(502)],
    ['503', problem(503, 'database_unavailable')],
    ['504 of a proxy', status(504)],
    ['409 concurrent_update', problem(409, 'concurrent_update')],
    ['503 with Retry-After: 0', status(503, { 'Retry-After': '0' })],
    ['503 with a Retry-After of the past', status(503, { 'Retry-After': new Date(0).toUTCString() })],
  ])('after %s, unchanged', async (_what, answer) => {
    api.answerWith(answer, answer);
    const { response } = await publish();
    expect(response.status).toBe(200);
    const sent = { method: 'POST', url: '/v1/conversions', body: JSON.stringify(BODY) };
    expect(api.received).toMatchObject([sent, sent, sent]);
  });

  it('if no answer begins in time', async () => {
    api.answerWith(stayAway);
    const { response } = await publish({ timeoutMs: 100 });
    expect(response.status).toBe(200);
    expect(api.received).toHaveLength(2);
  });

  it('after pauses that grow', async () => {
    api.answerWith(breakOff, breakOff, breakOff);
    await publish({ pauseMs: 40 });
    const pauses = api.received.slice(1).map(({ at }, index) => at - Number(api.received[index]?.at));
    for (const [index, atLeast] of [20, 40, 80].entries())
      expect(pauses[index]).toBeGreaterThanOrEqual(atLeast - 1);
  });

  it('not before Retry-After', async () => {
    api.answerWith(status(503, { 'Retry-After': '1' }));
    await publish();
    const [first, second] = api.received;
    expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(999);
  });
});

describe('a request is sent once', () => {
  it.each([
    [400, 'invalid_request'],
    [401, 'token_malformed'],
    [403, 'insufficient_scope'],
    [404, 'conversion_not_found'],
    [409, 'conversion_conflict'],
    [413, 'body_too_large'],
    [500, 'internal_error'],
  ])('if the answer is %i %s', async (code, name) => {
    api.answerWith(problem(code, name));
    const { error } = await publish();
    expect(error).toMatchObject({ status: code, code: name });
    expect(api.received).toHaveLength(1);
  });

  it.each([
    ['seconds', '3600'],
    ['a date', inAnHour()],
  ])('if Retry-After, as %s, is later than the time that it has', async (_what, value) => {
    api.answerWith(status(503, { 'Retry-After': value }));
    const { response } = await publish();
    expect(response.status).toBe(503);
    expect(api.received).toHaveLength(1);
  });
});

describe('a request is given up', () => {
  it('after its attempts, with the last answer', async () => {
    api.answerWith(...Array(4).fill(problem(503, 'temporal_unavailable')));
    const { error } = await publish({ attempts: 3 });
    expect(error).toMatchObject({ code: 'temporal_unavailable' });
    expect(api.received).toHaveLength(3);
  });

  it('after its attempts, with the last failure', async () => {
    api.answerWith(breakOff, breakOff);
    await expect(publish({ attempts: 2 })).rejects.toThrow('fetch failed');
    expect(api.received).toHaveLength(2);
  });

  it('once its time is over, though an attempt may wait for longer', async () => {
    api.answerWith(...Array(8).fill(stayAway));
    await expect(publish({ withinMs: 100, timeoutMs: 10_000 })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    expect(api.received).toHaveLength(1);
  });

  it('when the caller aborts it while it pauses', async () => {
    api.answerWith(status(503, { 'Retry-After': '20' }));
    const caller = new AbortController();
    const fetchAndAbort = async (request: Request) => {
      const response = await fetch(request);
      setTimeout(() => caller.abort(), 20);
      return response;
    };
    const client = createAffiliateClient({ baseUrl: api.url, token: 't', fetch: fetchAndAbort });
    await expect(client.GET('/v1/me', { signal: caller.signal })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(api.received).toHaveLength(1);
  });

  it('when the caller aborts it while it waits for an answer', async () => {
    api.answerWith(stayAway);
    await expectAborted();
    expect(api.received).toHaveLength(1);
  });

  it('before it begins, if the caller has aborted it already', async () => {
    api.answerWith();
    await expect(publish({}, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    expect(api.received).toEqual([]);
  });

  it('when the caller aborts it while the answer is on its way', async () => {
    api.answerWith((response) => response.writeHead(200).write('{'));
    await expectAborted();
  });
});

/** The caller aborts once the API has the request. */
async function expectAborted(): Promise<void> {
  const caller = new AbortController();
  const call = publish({}, caller.signal);
  call.catch(() => undefined);
  await expect.poll(() => api.received.length).toBe(1);
  caller.abort();
  await expect(call).rejects.toMatchObject({ name: 'AbortError' });
}
