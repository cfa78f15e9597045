import { afterAll, beforeAll, expect, it } from 'vitest';
import { AffiliateError, createAffiliateClient, dataOf } from '../../client/src/index.js';
import { problem, startScriptedApi, status } from './scripted-api.js';

/** As openapi-typescript writes a route that takes lines of JSON. */
interface Paths {
  '/lines': {
    post: {
      requestBody: { content: { 'application/x-ndjson': string | ReadableStream } };
      responses: { 200: { content: { 'application/x-ndjson': string } } };
    };
  };
}

let api: Awaited<ReturnType<typeof startScriptedApi>>;

beforeAll(async () => {
  api = await startScriptedApi();
});
afterAll(() => api.stop());

const headers = { 'Content-Type': 'application/x-ndjson' };
const LINES = '{"clerkId":"user_1"}\n{"clerkId":"user_2"}\n';

function send(body: string | ReadableStream) {
  const client = createAffiliateClient<Paths>({ baseUrl: api.url, token: 't', retry: { pauseMs: 2 } });
  return client.POST('/lines', { body, headers, parseAs: 'text', duplex: 'half' });
}

it.each([
  ['a text', () => LINES],
  ['a stream', () => new Blob([LINES]).stream()],
])('lines of JSON are sent as they are, from %s', async (_what, body) => {
  api.answerWith(status(200, {}, { done: true }));
  expect(await dataOf(send(body()))).toBe('{"done":true}');
  expect(api.received).toMatchObject([{ body: LINES, headers: { 'content-type': 'application/x-ndjson' } }]);
});

it('a stream is sent once, as it cannot be read again', async () => {
  api.answerWith(problem(503, 'database_unavailable'));
  const call = send(new Blob([LINES]).stream());
  expect((await call).error).toMatchObject({ code: 'database_unavailable' });
  expect(api.received).toHaveLength(1);
});

it('an error of a proxy has no code, and shows what it said', async () => {
  api.answerWith(status(501, { 'Content-Type': 'text/html' }, { gateway: 'away' }));
  const error = await dataOf(send(LINES)).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(AffiliateError);
  expect(error).toMatchObject({ status: 501, code: undefined });
});
