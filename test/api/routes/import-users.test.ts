import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SCOPES } from '../../../src/domain/scopes.js';
import { openImport } from '../../support/import-request.js';
import { type Stack, startStack } from '../../support/stack.js';
import { until } from '../../support/until.js';
import { userIdOf } from '../../support/user-id.js';
import { expectProblem } from '../support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const newUser = () => `user_${randomUUID()}`;
const newUsers = (count: number) => Array.from({ length: count }, () => ({ clerkId: newUser() }));
const toBody = (users: readonly object[]) => users.map((user) => `${JSON.stringify(user)}\n`).join('');
const clerkIdsOf = (users: readonly { clerkId: string }[]) => users.map(({ clerkId }) => clerkId);
const stored = (clerkId: string) => stack.db.users.findOne({ clerkId }).lean();
const countOf = (users: readonly { clerkId: string }[]) =>
  stack.db.users.countDocuments({ clerkId: { $in: clerkIdsOf(users) } });

// biome-ignore lint/suspicious/noExplicitAny: lines of two shapes.
async function importLines(body: string | Buffer): Promise<any[]> {
  const answer = await stack.api.importUsers(body);
  expect(answer.status).toBe(200);
  return answer.body;
}

const OF_BEFORE = {
  signedUpAt: '2026-01-31T12:00:00.000Z',
  attribution: { impact: { clickId: 'abc', capturedAt: '2026-01-30T08:00:00.000Z' } },
};

describe('POST /v1/users/import', () => {
  it('creates each user with the click and the times of the line, and no signup', async () => {
    const clerkId = newUser();
    await importLines(toBody([{ clerkId, ...OF_BEFORE }]));
    const { signedUpAt, attribution } = OF_BEFORE;
    const capturedAt = new Date(attribution.impact.capturedAt);
    expect(await stored(clerkId)).toEqual({
      _id: userIdOf(clerkId),
      clerkId,
      attribution: { impact: { clickId: 'abc', capturedAt } },
      attributionHistory: [{ provider: 'impact', clickId: 'abc', capturedAt }],
      createdAt: new Date(signedUpAt),
      updatedAt: expect.any(Date),
    });
    expect(await stack.db.conversions.countDocuments({ userId: String(userIdOf(clerkId)) })).toBe(0);
  });

  it('answers a result for each line, and then their sum', async () => {
    const [first, second] = newUsers(2);
    const answer = await stack.api.importUsers(toBody([{ ...first }, { ...second }]));
    expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(answer.body).toEqual([
      { line: 1, ...first, result: 'created' },
      { line: 2, ...second, result: 'created' },
      { done: true, created: 2, unchanged: 0, refused: 0 },
    ]);
  });

  it('never changes a user who is there', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'own');
    const before = await stored(clerkId);
    const [line] = await importLines(toBody([{ clerkId, ...OF_BEFORE }]));
    expect(line).toEqual({ line: 1, clerkId, result: 'unchanged' });
    expect(await stored(clerkId)).toEqual(before);
  });

  it('creates a user once whom two lines name, and the first one counts', async () => {
    const clerkId = newUser();
    const [first, second] = await importLines(toBody([{ clerkId, ...OF_BEFORE }, { clerkId }]));
    expect([first.result, second.result]).toEqual(['created', 'unchanged']);
    expect((await stored(clerkId))?.attribution).toBeDefined();
  });

  it('reads lines of Windows, empty lines, a mark of the byte order, and a last line without an end', async () => {
    const [first, second] = newUsers(2);
    const body = `\ufeff${JSON.stringify(first)}\r\n\r\n${JSON.stringify(second)}`;
    expect(await importLines(body)).toMatchObject([
      { line: 1, result: 'created' },
      { line: 3, result: 'created' },
      { done: true },
    ]);
  });

  it('of nothing is done', async () => {
    expect(await importLines('')).toEqual([{ done: true, created: 0, unchanged: 0, refused: 0 }]);
  });

  it.each(SCOPES.filter((scope) => scope !== 'users:write'))('is not open to %s', async (scope) => {
    const users = newUsers(1);
    const answer = await stack.api.call('/v1/users/import', {
      method: 'POST',
      token: await stack.api.tokens.machine(scope),
      headers: { 'Content-Type': 'application/x-ndjson' },
      body: toBody(users),
    });
    expectProblem(answer, 403, 'insufficient_scope');
    expect(await countOf(users)).toBe(0);
  });

  it.each<[string, Record<string, string>]>([
    ['as JSON', { 'Content-Type': 'application/json' }],
    ['as CSV', { 'Content-Type': 'text/csv' }],
    ['compressed', { 'Content-Encoding': 'gzip' }],
  ])('refuses a body %s', async (_how, headers) => {
    const body = gzipSync(toBody(newUsers(1)));
    expectProblem(await stack.api.importUsers(body, headers), 415, 'unsupported_media_type');
  });
});

describe('a broken line', () => {
  it.each<[string, string, string, string[] | undefined]>([
    ['that is not JSON', '{"clerkId":', 'malformed_json', undefined],
    ['that is a list', '[]', 'invalid_request', ['']],
    ['without an id', '{}', 'invalid_request', ['clerkId']],
    ['with an unknown field', '{"clerkId":"a","email":"kim@example.com"}', 'invalid_request', ['email']],
    [
      'with a click without its time',
      '{"clerkId":"a","attribution":{"impact":{"clickId":"abc"}}}',
      'invalid_request',
      ['attribution.impact.capturedAt'],
    ],
    [
      'with a malformed click',
      '{"clerkId":"a","attribution":{"impact":{"clickId":"a b","capturedAt":"2026-01-01T00:00:00Z"}}}',
      'invalid_request',
      ['attribution.impact.clickId'],
    ],
    ['of tomorrow', '{"clerkId":"a","signedUpAt":"2999-01-01T00:00:00Z"}', 'invalid_request', ['signedUpAt']],
    ['that is too long', `{"clerkId":"${'x'.repeat(100_000)}"}`, 'line_too_long', undefined],
  ])('%s is reported by its number, and the others go on', async (_what, broken, code, fields) => {
    const [first, second] = newUsers(2);
    const lines = await importLines(`${JSON.stringify(first)}\n${broken}\n${JSON.stringify(second)}\n`);
    expect(lines).toMatchObject([
      { line: 1, result: 'created' },
      { line: 2, result: 'refused', code, detail: expect.stringMatching(/\.$/) },
      { line: 3, result: 'created' },
      { done: true, created: 2, unchanged: 0, refused: 1 },
    ]);
    expect(lines[1].errors?.map(({ field }: { field: string }) => field)).toEqual(fields);
  });

  it('that is not in UTF-8 is refused, as its user would have another id', async () => {
    const body = Buffer.from('{"clerkId":"us\u00e9r"}\n', 'latin1');
    expect((await importLines(body))[0]).toMatchObject({ line: 1, result: 'refused', code: 'not_utf8' });
  });
});

describe('an import of many lines', () => {
  it('answers the first results before it has got the last lines', async () => {
    const [early, late] = [newUsers(1_000), newUsers(1)];
    const { request, send, results } = await openImport(stack);
    send(...early);
    const answers = results();
    expect((await answers.next()).value).toMatchObject({ line: 1, result: 'created' });
    send(...late);
    request.end();
    let last: unknown;
    for await (const line of answers) last = line;
    expect(last).toEqual({ done: true, created: 1_001, unchanged: 0, refused: 0 });
  });

  it('ends with its client, and what was interrupted is begun again without anything twice', async () => {
    const users = newUsers(2_500);
    const { request, send, results } = await openImport(stack);
    send(...users.slice(0, 1_500));
    await results().next();
    request.destroy();
    await until(async () => (await countOf(users)) >= 1_000);

    const last = (await importLines(toBody(users))).at(-1);
    expect(last.created + last.unchanged).toBe(2_500);
    expect(last.unchanged).toBeGreaterThanOrEqual(1_000);
    expect(await countOf(users)).toBe(2_500);
  });

  it('twice at once creates each user once', async () => {
    const users = newUsers(3_000);
    const [one, other] = await Promise.all([importLines(toBody(users)), importLines(toBody(users))]);
    expect(one.at(-1).created + other.at(-1).created).toBe(3_000);
    expect(await countOf(users)).toBe(3_000);
  });

  it('and the first visits of the same users at once leave one user each', async () => {
    const users = newUsers(20);
    const visits = users.map(({ clerkId }) => stack.api.me(clerkId));
    const [lines, ...answers] = await Promise.all([importLines(toBody(users)), ...visits]);
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
    const userIds = clerkIdsOf(users).map((clerkId) => String(userIdOf(clerkId)));
    expect(await countOf(users)).toBe(20);
    expect(await stack.db.conversions.countDocuments({ userId: { $in: userIds } })).toBe(
      lines.at(-1).unchanged,
    );
  });
});
