import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProjectFile } from '../../deployment/project-files.js';
import { runScript } from '../../docs/run-script.js';
import { type Stack, startStack } from '../../support/stack.js';
import { expectProblem } from '../support.js';
import { newUser, sale } from './sale.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

const CLICK = 'click-of-a-person';

async function read(path: string) {
  return stack.api.call(path, { token: await stack.api.tokens.machine('conversions:read') });
}

/** A user with a click and a sale, who was erased. */
async function erased() {
  const clerkId = newUser();
  const { body: user } = await stack.api.me(clerkId, CLICK);
  const event = sale({ clerkId, customerEmail: 'kim@example.com' });
  const { body: sold } = await stack.api.publish(event);
  const answer = await stack.api.eraseUser(clerkId);
  return { clerkId, userId: user.userId, event, saleId: sold.conversionId, answer };
}

/** Which the issuer has signed before the erasure. */
const earlierToken = (clerkId: string) =>
  stack.api.tokens.session(clerkId, { iat: Math.floor(Date.now() / 1_000) - 60 });

/** Which the issuer signs after the erasure. Tokens have whole seconds. */
const laterToken = (clerkId: string) =>
  stack.api.tokens.session(clerkId, { iat: Math.floor(Date.now() / 1_000) + 2 });

describe('DELETE /v1/users/{clerkId}', () => {
  it('says whom it erased, when, and how many conversions stay', async () => {
    const { answer, userId } = await erased();
    expect(answer).toMatchObject({ status: 200, body: { userId, conversions: 2 } });
    expect(Date.parse(answer.body.erasedAt)).toBeGreaterThan(Date.now() - 60_000);
  });

  it('answers the same again', async () => {
    const { answer, clerkId } = await erased();
    const { status, body } = await stack.api.eraseUser(clerkId);
    expect({ status, body }).toEqual({ status: 200, body: answer.body });
  });

  it('answers the same to each of several at once', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, CLICK);
    const answers = await Promise.all([1, 2, 3].map(() => stack.api.eraseUser(clerkId)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).toBe(1);
  });

  it('answers 404 for a person of whom nothing is known', async () => {
    expectProblem(await stack.api.eraseUser(newUser()), 404, 'user_not_found');
  });

  it('takes an id with any characters, URL-encoded', async () => {
    const clerkId = `${newUser()}/ü %`;
    await stack.api.publish(sale({ clerkId }));
    expect(await stack.api.eraseUser(clerkId)).toMatchObject({ status: 200, body: { conversions: 2 } });
  });

  it('refuses a path that is no text', async () => {
    const token = await stack.api.tokens.machine('users:write');
    const answer = await stack.api.call('/v1/users/%E0%A4%A', { method: 'DELETE', token });
    expectProblem(answer, 400, 'invalid_request');
  });

  it('is for machines that may write users', async () => {
    const path = `/v1/users/${newUser()}`;
    const other = await stack.api.tokens.machine('conversions:read');
    const session = await stack.api.tokens.session(newUser());
    const erase = (token: string) => stack.api.call(path, { method: 'DELETE', token });
    expectProblem(await erase(other), 403, 'insufficient_scope');
    expectProblem(await erase(session), 403, 'machine_token_required');
  });

  it('is among the methods of its path', async () => {
    const { headers } = await stack.api.call('/v1/users/a', { method: 'OPTIONS' });
    expect(headers.get('allow')).toContain('DELETE');
  });
});

describe('an erased person', () => {
  it('is not created again by a session of before, with a click or without', async () => {
    const { clerkId } = await erased();
    const token = await earlierToken(clerkId);
    const headers = { 'X-Affiliate-Click-Id': CLICK };
    const body = JSON.stringify({ clickId: CLICK });
    const put = { token, method: 'PUT', body };
    for (const [path, init] of [
      ['/v1/me', { token }],
      ['/v1/me', { token, headers }],
      ['/v1/me/affiliate-attribution', put],
      ['/v1/me/affiliate-attribution', { ...put, headers }],
    ] as const)
      expectProblem(await stack.api.call(path, init), 409, 'user_erased');
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
  });

  it('reads in the error that a new sign-in helps', async () => {
    const { clerkId } = await erased();
    const { body } = await stack.api.call('/v1/me', { token: await earlierToken(clerkId) });
    expect(body.detail).toContain('Sign in again');
  });

  it('is a new user by a later session, without the old click', async () => {
    const { clerkId, userId } = await erased();
    const { status, body } = await stack.api.call('/v1/me', { token: await laterToken(clerkId) });
    expect(status).toBe(200);
    expect(body).toMatchObject({ userId, clerkId, attribution: {} });
  });

  it('is a new user by a later session that stores a click', async () => {
    const { clerkId } = await erased();
    const token = await laterToken(clerkId);
    const body = JSON.stringify({ clickId: 'a-new-click' });
    const { status } = await stack.api.call('/v1/me/affiliate-attribution', { method: 'PUT', token, body });
    expect(status).toBe(204);
  });

  it('has the conversions left, which say so', async () => {
    const { clerkId, answer, saleId } = await erased();
    const { status, body } = await read(`/v1/users/${clerkId}`);
    const { erasedAt, userId } = answer.body;
    expect(status).toBe(200);
    expect(body).toMatchObject({ clerkId, userId, erasedAt, clicks: [] });
    expect(body.conversions).toHaveLength(2);
    for (const conversion of body.conversions)
      expect(conversion.why).toMatchObject({
        code: 'user_erased',
        text: expect.stringContaining(`erased at ${erasedAt}`),
      });
    expect(body.conversions.map(({ conversionId }: { conversionId: string }) => conversionId)).toContain(
      saleId,
    );
  });

  it('is found by the id of the issuer, and by the order', async () => {
    const { clerkId, event, saleId, answer } = await erased();
    const { erasedAt } = answer.body;
    const byPerson = await read(`/v1/conversions/find?text=${clerkId}`);
    expect(byPerson.body).toMatchObject({ foundBy: 'clerkId', conversions: [{ erasedAt }, { erasedAt }] });
    const byOrder = await read(`/v1/conversions/find?text=${event.orderId}`);
    expect(byOrder.body.conversions).toMatchObject([{ conversionId: saleId, reason: 'user_erased' }]);
  });

  it('is not found by the click', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, `only-${clerkId}`);
    await stack.api.eraseUser(clerkId);
    const { body } = await read(`/v1/conversions/find?text=only-${clerkId}`);
    expect(body).toMatchObject({ foundBy: null, conversions: [] });
  });

  it('is named by no conversion, which says when it lost its user', async () => {
    const { saleId, clerkId, answer } = await erased();
    const { body } = await stack.api.conversion(saleId);
    const { erasedAt } = answer.body;
    expect(body).toMatchObject({ erasedAt, attribution: null, explanation: { code: 'user_erased' } });
    expect(body.explanation.text).toContain(`erased at ${erasedAt}`);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${clerkId}|${CLICK}`));
    expect(body).not.toHaveProperty('request');
  });

  it('has no conversion restarted', async () => {
    const { saleId } = await erased();
    expectProblem(await stack.api.retry(saleId, { restart: true }), 409, 'user_erased');
    expectProblem(await stack.api.retry(saleId), 409, 'user_erased');
  });

  it('has none restarted with many others', async () => {
    const filter = { status: 'skipped', reason: 'user_erased' };
    expectProblem(await stack.api.retryMany({ filter, restart: true }), 400, 'invalid_request');
  });

  it('has the same order answered as before, and in a dry run as well', async () => {
    const { event, saleId } = await erased();
    expect(await stack.api.publish(event)).toMatchObject({
      status: 202,
      body: { conversionId: saleId, reason: 'user_erased', duplicate: true },
    });
    expect((await stack.api.dryRun(event)).body).toMatchObject({ wouldBe: 'unchanged', existing: 'skipped' });
  });
});

describe('docs/privacy.md', async () => {
  const page = await readProjectFile('docs/privacy.md');
  const block = (language: string) =>
    new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'ms').exec(page)?.[1] ?? '';

  it('has the command that erases a person, and its answer', async () => {
    const clerkId = newUser();
    await stack.api.me(clerkId, CLICK);
    await stack.api.publish(sale({ clerkId }));
    const BACKEND = await stack.api.tokens.machine('users:write');
    const { stdout } = await runScript(block('sh'), { API: stack.apiUrl, CLERK_ID: clerkId, BACKEND });
    const shown = JSON.parse(block('json'));
    expect(JSON.parse(stdout)).toEqual({
      ...shown,
      userId: expect.any(String),
      erasedAt: expect.any(String),
    });
    expect(await stack.db.users.countDocuments({ clerkId })).toBe(0);
  });
});
