import { createAffiliateClient, dataOf } from 'affiliate-client';
import { importJWK, SignJWT } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Claims, documented } from '../api/issuers/support.js';
import { type Stack, startStack } from '../support/stack.js';

/** A backend without Clerk: the environment and the tokens are those of docs/authentication.md for Keycloak. */

const { env, user, machine } = documented('Keycloak');
const SCOPES = 'users:write conversions:publish';

let stack: Stack;
beforeAll(async () => {
  const { AUTH_ISSUER: _, AUTH_JWKS_URL: __, ...auth } = env;
  stack = await startStack({ auth: { ...auth, MACHINE_SCOPES: `${machine.sub}=${SCOPES}` } });
});
afterAll(() => stack.stop());

/** The token of the page, as the issuer here would sign it now. */
async function sign(claims: Claims): Promise<string> {
  const { key, issuerUrl } = stack.issuer;
  return new SignJWT({ ...claims, iss: issuerUrl })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .sign(await importJWK(key, 'RS256'));
}

it('brings users and their sales with tokens as Keycloak gives them', async () => {
  const backend = createAffiliateClient({ baseUrl: stack.apiUrl, token: () => sign(machine) });
  const clerkId = String(user.sub);
  const created = await dataOf(
    backend.PUT('/v1/users/{clerkId}', { params: { path: { clerkId } }, body: { clickId: '3t6RuJ:x0' } }),
  );
  const sale = { campaignEventId: 'sale_subscription', clerkId, orderId: 'K-1' } as const;
  await dataOf(
    backend.POST('/v1/conversions', { body: { ...sale, totalAmountCents: 4900, currency: 'USD' } }),
  );

  await expect
    .poll(async () =>
      (await stack.sandbox.conversions()).map(({ orderId, fields }) => [orderId, fields.ClickId]).sort(),
    )
    .toEqual([
      ['K-1', '3t6RuJ:x0'],
      [`signup-${created.userId}`, '3t6RuJ:x0'],
    ]);
  const site = createAffiliateClient({ baseUrl: stack.apiUrl, token: () => sign(user) });
  expect(await dataOf(site.GET('/v1/me'))).toMatchObject({ userId: created.userId, clerkId });
});
