import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../dev/ports.js';
import { signMachineToken, signSessionToken } from '../../dev/sign-token.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';
import { createAuthenticate } from '../../src/api/authenticate.js';
import type { AuthConfig } from '../../src/config.js';

const NOW = new Date('2026-11-23T10:00:00Z');
const nowSeconds = NOW.getTime() / 1000;

let issuer: Awaited<ReturnType<typeof startTokenIssuer>>;

beforeAll(async () => {
  const keyFile = join(await mkdtemp(join(tmpdir(), 'affiliate-')), 'key.json');
  issuer = await startTokenIssuer({ keyFile });
});
afterAll(() => issuer.stop());
afterEach(() => {
  vi.useRealTimers();
});

const sessionToken = (claims: Record<string, unknown> = {}) =>
  signSessionToken(issuer.key, { issuerUrl: issuer.issuerUrl, clerkId: 'user_1', ...claims });

const machineToken = (claims: Record<string, unknown> & { scope?: string } = {}) =>
  signMachineToken(issuer.key, { issuerUrl: issuer.issuerUrl, scope: 'conversions:read', ...claims });

async function authenticate(token: string, config: Partial<AuthConfig> = {}) {
  const auth = { issuer: issuer.issuerUrl, jwksUrl: issuer.jwksUrl, authorizedParties: [], ...config };
  return createAuthenticate(auth)(`Bearer ${token}`);
}

describe('a session token', () => {
  it('identifies its user', async () => {
    expect(await authenticate(await sessionToken())).toEqual({ kind: 'session', clerkId: 'user_1' });
  });

  it('is one even if the id of the user looks like that of a machine', async () => {
    const principal = await authenticate(await sessionToken({ clerkId: 'mch_user' }));
    expect(principal).toEqual({ kind: 'session', clerkId: 'mch_user' });
  });

  it('may come from any party if no party is configured', async () => {
    const token = await sessionToken({ azp: 'https://anywhere.example.com' });
    expect(await authenticate(token)).toMatchObject({ clerkId: 'user_1' });
  });

  it('needs no `kid` if the issuer has one key', async () => {
    const key = await importJWK(issuer.key, 'RS256');
    const claims = { iss: issuer.issuerUrl, sub: 'user_1', sid: 'sess_1', exp: Date.now() / 1000 + 60 };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key);
    expect(await authenticate(token)).toMatchObject({ clerkId: 'user_1' });
  });
});

describe('a machine token', () => {
  it('has the scopes of its claim, separated by spaces', async () => {
    expect(await authenticate(await machineToken({ scope: 'conversions:read conversions:publish' }))).toEqual(
      {
        kind: 'machine',
        subject: 'mch_local',
        scopes: ['conversions:read', 'conversions:publish'],
      },
    );
  });

  it.each([undefined, 5, ['conversions:read'], null])('has no scope if the claim is %j', async (scope) => {
    const claims = { issuerUrl: issuer.issuerUrl, clerkId: 'mch_local', sid: undefined, scope };
    expect(await authenticate(await signSessionToken(issuer.key, claims))).toMatchObject({ scopes: [] });
  });

  it('ignores the authorized parties, which are origins of browsers', async () => {
    const token = await machineToken({ azp: 'https://other.example.com' });
    const config = { authorizedParties: ['https://app.example.com'] };
    expect(await authenticate(token, config)).toMatchObject({ kind: 'machine' });
  });
});

describe('the validity of a token', () => {
  /** The clock is frozen, and the tokens' times are relative to it. */
  async function atNow(claims: Record<string, unknown>) {
    vi.useFakeTimers({ toFake: ['Date'], now: NOW });
    return authenticate(await sessionToken(claims));
  }

  it('may have expired 4 s ago', async () => {
    expect(await atNow({ exp: nowSeconds - 4 })).toMatchObject({ clerkId: 'user_1' });
  });

  it('must not have expired 5 s ago', async () => {
    await expect(atNow({ exp: nowSeconds - 5 })).rejects.toMatchObject({ code: 'token_expired' });
  });

  it('may begin in 5 s', async () => {
    expect(await atNow({ nbf: nowSeconds + 5 })).toMatchObject({ clerkId: 'user_1' });
  });

  it('must not begin in 6 s', async () => {
    await expect(atNow({ nbf: nowSeconds + 6 })).rejects.toMatchObject({ code: 'token_not_yet_valid' });
  });

  it('must have an expiry', async () => {
    await expect(atNow({ exp: undefined })).rejects.toMatchObject({ code: 'token_malformed' });
  });
});

describe('a configured audience', () => {
  const config = { audience: 'affiliate' };

  it('accepts a token for it', async () => {
    expect(await authenticate(await sessionToken({ aud: 'affiliate' }), config)).toMatchObject({
      clerkId: 'user_1',
    });
  });

  it.each([
    ['for another audience', { aud: 'billing' }],
    ['for no audience', {}],
  ])('refuses a token %s', async (_what, claims) => {
    await expect(authenticate(await sessionToken(claims), config)).rejects.toMatchObject({
      code: 'token_wrong_audience',
      status: 401,
    });
  });

  it('refuses a machine token for another audience', async () => {
    await expect(authenticate(await machineToken({ aud: 'billing' }), config)).rejects.toMatchObject({
      code: 'token_wrong_audience',
    });
  });
});

describe("the issuer's keys", () => {
  it('that cannot be fetched are an outage, not an error of the token', async () => {
    const jwksUrl = `http://127.0.0.1:${await freePort()}/.well-known/jwks.json`;
    await expect(authenticate(await sessionToken(), { jwksUrl })).rejects.toMatchObject({
      code: 'authentication_unavailable',
      status: 503,
    });
  });

  it('that are missing at their address are an outage, too', async () => {
    const jwksUrl = `${issuer.issuerUrl}/nowhere.json`;
    await expect(authenticate(await sessionToken(), { jwksUrl })).rejects.toMatchObject({
      code: 'authentication_unavailable',
    });
  });
});
