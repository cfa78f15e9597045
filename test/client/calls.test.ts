import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { affiliateHeaders } from '../../capture/src/server.js';
import { AffiliateError, createAffiliateClient, dataOf, type TokenSource } from '../../client/src/index.js';
import { type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

function asUser(clerkId: string, headers = {}) {
  const token = () => stack.api.tokens.session(clerkId);
  return createAffiliateClient({ baseUrl: stack.apiUrl, token, headers });
}

function asBackend(scope: string) {
  return createAffiliateClient({ baseUrl: stack.apiUrl, token: () => stack.api.tokens.machine(scope) });
}

describe('a website', () => {
  it('gets its user, whose click id is in the headers of every call', async () => {
    const api = asUser('user_landed', affiliateHeaders('im_ref=3t6RuJ%3Ax0'));
    const user = await dataOf(api.GET('/v1/me'));
    expect(user.attribution.impact?.clickId).toBe('3t6RuJ:x0');
  });

  it('stores a click, which is answered without a body', async () => {
    const api = asUser('user_back');
    const answer = await dataOf(api.PUT('/v1/me/affiliate-attribution', { body: { clickId: 'click-B' } }));
    expect(answer).toBeUndefined();
    expect(await stack.db.users.findOne({ clerkId: 'user_back' }).lean()).toMatchObject({
      attribution: { impact: { clickId: 'click-B' } },
    });
  });
});

describe('a backend', () => {
  const sale = (orderId: string) =>
    ({
      campaignEventId: 'sale_subscription',
      clerkId: 'user_buyer',
      orderId,
      totalAmountCents: 4900,
      currency: 'EUR',
    }) as const;

  it('publishes a sale, and gets it by an id with a slash', async () => {
    const { conversionId } = await dataOf(
      asBackend('conversions:publish').POST('/v1/conversions', { body: sale('2026/7') }),
    );
    const conversion = await dataOf(
      asBackend('conversions:read').GET('/v1/conversions/{conversionId}', {
        params: { path: { conversionId } },
      }),
    );
    expect(conversion).toMatchObject({ conversionId: 'sale_subscription:2026/7', reason: 'user_not_found' });
  });

  it('lists conversions as CSV, as a text', async () => {
    const api = asBackend('conversions:read conversions:publish');
    await dataOf(api.POST('/v1/conversions', { body: sale('in-the-csv') }));
    const csv = await dataOf(api.GET('/v1/conversions.csv', { parseAs: 'text' }));
    expect(csv).toContain('in-the-csv');
  });
});

describe('an error', () => {
  it('is beside the data, with the code to branch on', async () => {
    const { data, error } = await asBackend('conversions:read').GET('/v1/users/{clerkId}', {
      params: { path: { clerkId: 'user_nobody' } },
    });
    expect([data, error?.code]).toEqual([undefined, 'user_not_found']);
  });

  it('is thrown by dataOf, with the fields that it is about', async () => {
    const call = asUser('user_wrong').PUT('/v1/me/affiliate-attribution', { body: { clickId: 'a b' } });
    const error = await dataOf(call).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(AffiliateError);
    expect(error).toMatchObject({
      status: 400,
      code: 'invalid_request',
      errors: [{ field: 'clickId', message: expect.stringContaining('must be') }],
      message: expect.stringMatching(/^The API answered 400 invalid_request: .+ clickId: must be .+\.$/),
    });
  });
});

describe('a token that has expired', () => {
  /** The tokens of a source that keeps one for too long, and what it was asked for. */
  function staleSource(renewed: (clerkId: string) => Promise<string>) {
    const asked: boolean[] = [];
    const token: TokenSource = ({ renew }) => {
      asked.push(renew);
      return renew ? renewed('user_stale') : expired('user_stale');
    };
    return { asked, api: createAffiliateClient({ baseUrl: stack.apiUrl, token }) };
  }

  const expired = (clerkId: string) => {
    const issued = Math.floor(Date.now() / 1000) - 3_600;
    return stack.api.tokens.session(clerkId, { iat: issued, nbf: issued, exp: issued + 60 });
  };

  it('is renewed once, for the same request', async () => {
    const { asked, api } = staleSource((clerkId) => stack.api.tokens.session(clerkId));
    const call = api.PUT('/v1/me/affiliate-attribution', { body: { clickId: 'click-stale' } });
    expect((await call).response.status).toBe(204);
    expect(asked).toEqual([false, true]);
  });

  it('is answered with the error where the new one has expired, too', async () => {
    const { asked, api } = staleSource(expired);
    expect((await api.GET('/v1/me')).error?.code).toBe('token_expired');
    expect(asked).toEqual([false, true]);
  });

  it('is answered with the error where it is a constant', async () => {
    const api = createAffiliateClient({ baseUrl: stack.apiUrl, token: await expired('user_stale') });
    expect((await api.GET('/v1/me')).error?.code).toBe('token_expired');
  });
});

it('a user who has signed out has no token', async () => {
  const api = createAffiliateClient({ baseUrl: stack.apiUrl, token: () => null });
  expect((await api.GET('/v1/me')).error?.code).toBe('token_missing');
});
