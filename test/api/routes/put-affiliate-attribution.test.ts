import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Stack, startStack } from '../../support/stack.js';
import { expectNoAttribution, expectProblem, namedFields } from '../support.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const newUser = () => `user_${randomUUID()}`;

/** Sends any body under any content type. */
async function putRaw(clerkId: string, body: string | Buffer, headers: Record<string, string>) {
  const token = await stack.api.tokens.session(clerkId);
  const response = await fetch(`${stack.apiUrl}/v1/me/affiliate-attribution`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body,
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

const JSON_BODY = { 'content-type': 'application/json' };

describe('PUT /v1/me/affiliate-attribution', () => {
  it('answers 204 without a body', async () => {
    const { status, body } = await stack.api.setAttribution(newUser(), { clickId: 'abc' });
    expect({ status, body }).toEqual({ status: 204, body: undefined });
  });

  it('as the first request of a user creates the user, and a signup conversion with the click', async () => {
    const clerkId = newUser();
    await stack.api.setAttribution(clerkId, { clickId: 'abc' });
    const user = await stack.db.users.findOne({ clerkId }).lean();
    expect(await stack.conversion(`signup:${user?._id}`)).toMatchObject({
      status: expect.stringMatching(/^(pending|reporting)$/),
      attribution: { clickId: 'abc' },
    });
  });

  it('starts the workflow of the signup that it attributed', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId);
    await stack.api.setAttribution(clerkId, { clickId: 'abc', clickedAt: user.createdAt });
    await stack.untilStarted(`signup:${user.userId}`);
    const { type } = await stack.temporal.workflow.getHandle(`conversion/signup/${user.userId}`).describe();
    expect(type).toBe('ConversionWorkflow');
  });

  it('credits an organic signup and its sale to no later click, although it comes within minutes', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId);
    const order = { orderId: clerkId, totalAmountCents: 4900, currency: 'USD' };
    const { body: sold } = await stack.api.publish({
      campaignEventId: 'sale_subscription',
      clerkId,
      ...order,
    });
    const clickedAt = new Date(Date.now() + 1).toISOString();
    await stack.api.setAttribution(clerkId, { clickId: 'later', clickedAt });
    for (const id of [`signup:${user.userId}`, sold.conversionId])
      expect(await stack.conversion(id)).toMatchObject({ status: 'skipped', attribution: null });
    expect((await stack.api.me(clerkId)).body.attribution.impact.clickId).toBe('later');
  });

  it('stores the click of a visitor whose clock is an hour ahead, and leaves the signup without it', async () => {
    const clerkId = newUser();
    const { body: user } = await stack.api.me(clerkId);
    const clickedAt = new Date(Date.now() + 3_600_000).toISOString();
    const { status } = await stack.api.setAttribution(clerkId, { clickId: 'fast-clock', clickedAt });
    expect(status).toBe(204);
    expect((await stack.api.me(clerkId)).body.attribution.impact.clickId).toBe('fast-clock');
    expect(await stack.conversion(`signup:${user.userId}`)).toMatchObject({
      status: 'skipped',
      attribution: null,
    });
  });

  it('changes the answer of GET /v1/me', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, 'first');
    await stack.api.setAttribution(clerkId, { clickId: 'second' });
    expect((await stack.api.me(clerkId)).body.attribution.impact.clickId).toBe('second');
  });

  it.each([
    ['64 characters', 'x'.repeat(64)],
    ['colon and percent sign', '3t6RuJ:x0%3A%'],
  ])('stores a click id with %s unchanged', async (_what, clickId) => {
    const clerkId = newUser();
    await stack.api.setAttribution(clerkId, { clickId });
    const user = await stack.db.users.findOne({ clerkId }).lean();
    expect(user?.attribution?.impact?.clickId).toBe(clickId);
  });
});

describe('a click in the header', () => {
  async function put(clerkId: string, header: string, body: unknown, claims = {}) {
    return stack.api.call('/v1/me/affiliate-attribution', {
      method: 'PUT',
      token: await stack.api.tokens.session(clerkId, claims),
      headers: { 'X-Affiliate-Click-Id': header },
      body: JSON.stringify(body),
    });
  }
  const clicksOf = async (clerkId: string) =>
    (await stack.db.users.findOne({ clerkId }).lean())?.attributionHistory?.map(({ clickId }) => clickId);

  it('of a new user came before the one in the body, and brought the signup', async () => {
    const clerkId = newUser();
    await put(clerkId, 'header', { clickId: 'body' });
    const user = await stack.db.users.findOne({ clerkId }).lean();
    expect(await clicksOf(clerkId)).toEqual(['header', 'body']);
    expect(await stack.conversion(`signup:${user?._id}`)).toMatchObject({
      attribution: { clickId: 'header' },
    });
  });

  it('that is the one in the body is one click', async () => {
    const clerkId = newUser();
    await put(clerkId, 'same', { clickId: 'same' });
    expect(await clicksOf(clerkId)).toEqual(['same']);
  });

  it('of a known user is ignored, and counted unless the body stores it', async () => {
    const clerkId = newUser();
    const counted = async () => (await stack.metrics.clickIdsIgnored.get()).values.map(({ value }) => value);
    await stack.api.me(clerkId, 'first');
    const before = await counted();
    await put(clerkId, 'second', { clickId: 'second' });
    expect(await counted()).toEqual(before);
    await put(clerkId, 'ignored', { clickId: 'third' });
    expect(await counted()).not.toEqual(before);
    expect(await clicksOf(clerkId)).toEqual(['first', 'second', 'third']);
  });

  it('creates nobody where the body is invalid, or an agent acts as the user', async () => {
    const clerkId = newUser();
    expectProblem(await put(clerkId, 'abc', { clickId: '' }), 400, 'invalid_request');
    const act = { sub: 'user_agent' };
    expectProblem(await put(clerkId, 'abc', { clickId: 'abc' }, { act }), 403, 'impersonated_session');
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
  });
});

describe('an invalid body', () => {
  it.each([
    ['no click id', {}, 'clickId'],
    ['an empty click id', { clickId: '' }, 'clickId'],
    ['a click id of 65 characters', { clickId: 'x'.repeat(65) }, 'clickId'],
    ['a click id with spaces at both ends', { clickId: ' abc ' }, 'clickId'],
    ['a space for a click id', { clickId: ' ' }, 'clickId'],
    ['two click ids joined by a comma', { clickId: 'abc, abc' }, 'clickId'],
    ['a click id in quotes', { clickId: '"abc"' }, 'clickId'],
    ['a click id with a semicolon', { clickId: 'a;b' }, 'clickId'],
    ['a click id with a backslash', { clickId: 'a\\b' }, 'clickId'],
    ['a click id with a tab', { clickId: 'a\tb' }, 'clickId'],
    ['a click id with a NUL', { clickId: 'a\u0000b' }, 'clickId'],
    ['a click id with a newline at its end', { clickId: 'abc\n' }, 'clickId'],
    ['a click id that is not in ASCII', { clickId: 'clïck' }, 'clickId'],
    ['an unreplaced macro for a click id', { clickId: '{clickid}' }, 'clickId'],
    ['a query operator for a click id', { clickId: { $gt: '' } }, 'clickId'],
    ['a list of click ids', { clickId: ['a', 'b'] }, 'clickId'],
    ['a number for a click id', { clickId: 5 }, 'clickId'],
    ['null for a click id', { clickId: null }, 'clickId'],
    ['a landing without an offset', { clickId: 'abc', clickedAt: '2026-11-01T12:00:00' }, 'clickedAt'],
    ['a landing that is no time', { clickId: 'abc', clickedAt: 'yesterday' }, 'clickedAt'],
    ['a landing as a number', { clickId: 'abc', clickedAt: 1_793_000_000_000 }, 'clickedAt'],
    ['an unknown key', { clickId: 'abc', partnerId: 'x' }, 'partnerId'],
    ["another user's id", { clickId: 'abc', clerkId: 'user_other' }, 'clerkId'],
  ])('(%s) is refused with the name of the field, and nothing is stored', async (_what, body, field) => {
    const clerkId = newUser();
    await stack.api.me(clerkId);
    const answer = await stack.api.setAttribution(clerkId, body);
    expectProblem(answer, 400, 'invalid_request');
    expect(namedFields(answer)).toEqual([field]);
    await expectNoAttribution(stack, clerkId);
  });

  it('is answered with the rule for click ids', async () => {
    const { body } = await stack.api.setAttribution(newUser(), { clickId: ' abc ' });
    expect(body.errors).toEqual([
      {
        field: 'clickId',
        message:
          'must be 1 to 64 printable ASCII characters without space, comma, semicolon, double quote and backslash, ' +
          'and no unreplaced macro such as {clickid}',
      },
    ]);
  });

  it.each([
    ['no object', '[]', 'invalid_request'],
    ['empty', '', 'invalid_request'],
    ['not JSON', '{"clickId":', 'malformed_json'],
    ['a form', 'clickId=abc', 'malformed_json'],
  ] as const)('(%s) is refused, and nothing is stored', async (_what, body, code) => {
    const clerkId = newUser();
    await stack.api.me(clerkId);
    expectProblem(await putRaw(clerkId, body, JSON_BODY), 400, code);
    await expectNoAttribution(stack, clerkId);
  });

  it('does not create the user', async () => {
    const clerkId = newUser();
    expectProblem(await stack.api.setAttribution(clerkId, { clickId: '' }), 400, 'invalid_request');
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
  });

  it.each([
    ['a form', 'application/x-www-form-urlencoded', 'clickId=abc'],
    ['plain text, which needs no preflight', 'text/plain', '{"clickId":"abc"}'],
    ['JSON in Latin-1', 'application/json; charset=latin1', '{"clickId":"abc"}'],
  ])('(%s) is an unsupported media type, and nothing is stored', async (_what, contentType, body) => {
    const clerkId = newUser();
    await stack.api.me(clerkId);
    expectProblem(
      await putRaw(clerkId, body, { 'content-type': contentType }),
      415,
      'unsupported_media_type',
    );
    await expectNoAttribution(stack, clerkId);
  });

  it('(more than 16 kB) is too large, and nothing is stored', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId);
    const body = JSON.stringify({ clickId: 'abc', padding: 'x'.repeat(16 * 1024) });
    expectProblem(await putRaw(clerkId, body, JSON_BODY), 413, 'body_too_large');
    await expectNoAttribution(stack, clerkId);
  });

  it('(declared as gzip, but not compressed) is refused as an error of the caller', async () => {
    const headers = { ...JSON_BODY, 'content-encoding': 'gzip' };
    expectProblem(await putRaw(newUser(), 'not gzip', headers), 400, 'invalid_request');
  });

  it('(in an unknown encoding) is an unsupported media type', async () => {
    const headers = { ...JSON_BODY, 'content-encoding': 'rot13' };
    expectProblem(await putRaw(newUser(), '{}', headers), 415, 'unsupported_media_type');
  });
});
