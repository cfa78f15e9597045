import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importJWK, SignJWT } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { signMachineToken, signSessionToken } from '../../dev/sign-token.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';
import { createAuthenticate } from '../../src/api/authenticate.js';
import { createKeysOfIssuers } from '../../src/api/issuer-keys.js';
import { type AuthConfig, type Environment, loadAuthConfig } from '../../src/config.js';
import { createMetrics } from '../../src/metrics.js';
import { logger } from '../support/runtime.js';

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

const machineToken = (claims: Record<string, unknown> = {}) =>
  signMachineToken(issuer.key, { issuerUrl: issuer.issuerUrl, scope: 'conversions:read', ...claims });

const authConfig = (env: Environment = {}): AuthConfig =>
  loadAuthConfig({
    AUTH_ISSUER: issuer.issuerUrl,
    AUTH_AUTHORIZED_PARTIES: '*',
    AUTH_MAX_TOKEN_LIFETIME: '3600',
    MACHINE_SCOPES: 'mch_local=conversions:read conversions:publish',
    ...env,
  });

const issuerKeys = () => createKeysOfIssuers(authConfig(), { metrics: createMetrics(), logger });

async function authenticate(token: string, env: Environment = {}) {
  return createAuthenticate(authConfig(env), issuerKeys())(`Bearer ${token}`);
}

describe('a session token', () => {
  it('identifies its user', async () => {
    const iat = Math.floor(Date.now() / 1000);
    const principal = await authenticate(await sessionToken({ iat }));
    const issuedAt = new Date(iat * 1000);
    expect(principal).toEqual({ kind: 'session', clerkId: 'user_1', impersonated: false, issuedAt });
  });

  it('may come from any party if the operator says so', async () => {
    const token = await sessionToken({ azp: 'https://anywhere.example.com' });
    expect(await authenticate(token)).toMatchObject({ clerkId: 'user_1' });
  });

  it('needs no `kid` if the issuer has one key', async () => {
    const key = await importJWK(issuer.key, 'RS256');
    const claims = { iss: issuer.issuerUrl, sub: 'user_1', sid: 'sess_1', exp: Date.now() / 1000 + 60 };
    const token = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(key);
    expect(await authenticate(token)).toMatchObject({ clerkId: 'user_1', issuedAt: undefined });
  });
});

describe('a verified token', () => {
  it.each([
    ['for a minute', { exp: nowSeconds + 600 }, 59],
    ['never past its end', { exp: nowSeconds + 30 }, 29],
  ])('is remembered, %s', async (_howLong, claims, seconds) => {
    vi.useFakeTimers({ now: NOW, toFake: ['Date'] });
    const { users, machines } = issuerKeys();
    const keys = vi.fn(users);
    const identify = createAuthenticate(authConfig(), { users: keys, machines });
    const authorization = `Bearer ${await sessionToken(claims)}`;
    const principal = await identify(authorization);
    vi.setSystemTime((nowSeconds + seconds) * 1_000);
    expect(await identify(authorization)).toEqual(principal);
    expect(keys).toHaveBeenCalledTimes(1);

    vi.setSystemTime((nowSeconds + seconds + 2) * 1_000);
    await identify(authorization);
    expect(keys).toHaveBeenCalledTimes(2);
  });

  it('does not make a like one valid', async () => {
    const identify = createAuthenticate(authConfig(), issuerKeys());
    const token = await sessionToken();
    await identify(`Bearer ${token}`);
    const [header, claims] = token.split('.');
    const [, , ofAnother] = (await sessionToken({ clerkId: 'user_2' })).split('.');
    const forged = identify(`Bearer ${header}.${claims}.${ofAnother}`);
    await expect(forged).rejects.toMatchObject({ code: 'token_invalid_signature' });
  });
});

describe('a machine token', () => {
  it('has the scopes that the operator grants the machine', async () => {
    expect(await authenticate(await machineToken({ scope: undefined }))).toEqual({
      kind: 'machine',
      subject: 'mch_local',
      scopes: ['conversions:read', 'conversions:publish'],
    });
  });

  it.each([
    ['conversions:read', ['conversions:read']],
    ['conversions:publish other conversions:read', ['conversions:read', 'conversions:publish']],
    ['', []],
    [5, []],
    [['conversions:read'], []],
    [null, []],
  ])('can narrow them by its claim %j', async (scope, scopes) => {
    expect(await authenticate(await machineToken({ scope }))).toMatchObject({ scopes });
  });

  it('grants itself nothing that the operator does not', async () => {
    const token = await machineToken({ scope: 'conversions:read conversions:operate' });
    expect(await authenticate(token)).toMatchObject({ scopes: ['conversions:read'] });
  });

  it.each(['mch_other', 'mch_local2', 'mch___proto__', 'mch_LOCAL'])(
    'of %s, which the operator does not name, has no scope',
    async (subject) => {
      const token = await machineToken({ subject, scope: 'conversions:read' });
      expect(await authenticate(token)).toMatchObject({ scopes: [] });
    },
  );

  it('stays one if the machine writes a session into it', async () => {
    const principal = await authenticate(await machineToken({ sid: 'sess_1', azp: undefined }));
    expect(principal).toMatchObject({ kind: 'machine', subject: 'mch_local' });
  });

  it('has no scope if the operator names no machine', async () => {
    const token = await machineToken({ scope: 'conversions:read' });
    expect(await authenticate(token, { MACHINE_SCOPES: '' })).toMatchObject({ scopes: [] });
  });

  it('must say when it was issued', async () => {
    await expect(authenticate(await machineToken({ iat: undefined }))).rejects.toMatchObject({
      code: 'token_malformed',
      message: expect.stringContaining('"iat"'),
    });
  });

  it('ignores the authorized parties, which are origins of browsers', async () => {
    const token = await machineToken({ azp: 'https://other.example.com' });
    const config = { AUTH_AUTHORIZED_PARTIES: 'https://app.example.com' };
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

  it('may be issued 5 s from now', async () => {
    expect(await atNow({ iat: nowSeconds + 5 })).toMatchObject({ clerkId: 'user_1' });
  });

  it('must not be issued in the future', async () => {
    await expect(atNow({ iat: nowSeconds + 6 })).rejects.toMatchObject({ code: 'token_not_yet_valid' });
  });

  it('may be as long as the configuration says', async () => {
    expect(await atNow({ iat: nowSeconds - 60, exp: nowSeconds + 3_540 })).toMatchObject({
      clerkId: 'user_1',
    });
  });

  it.each([
    ['counted from its issue', { iat: nowSeconds - 60, exp: nowSeconds + 3_541 }],
    ['counted from now if it does not say when it was issued', { iat: undefined, exp: nowSeconds + 3_601 }],
    ['in a token for ever', { exp: Number.MAX_VALUE }],
  ])('must not be longer, %s', async (_what, claims) => {
    await expect(atNow(claims)).rejects.toMatchObject({ code: 'token_lifetime_too_long', status: 401 });
  });

  it.each(['1', null, true, []])('must not be issued at %j', async (iat) => {
    await expect(atNow({ iat })).rejects.toMatchObject({ code: 'token_malformed' });
  });

  it('must have an expiry', async () => {
    await expect(atNow({ exp: undefined })).rejects.toMatchObject({ code: 'token_malformed' });
  });
});

describe('a configured audience', () => {
  const config = { AUTH_AUDIENCE: 'affiliate' };

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
