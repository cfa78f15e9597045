import { describe, expect, it } from 'vitest';
import { authVariables } from '../../../src/auth-variables.js';
import { readProjectFile } from '../../deployment/project-files.js';
import { caller, configOf, documented, documentedEnvironment, keys, refusal } from './support.js';

const GRANTED = ['conversions:publish', 'conversions:adjust'];

describe.each([
  ['Clerk', 'https://clerk.example.com/.well-known/jwks.json'],
  ['Auth0', 'https://example.eu.auth0.com/.well-known/jwks.json'],
  ['Keycloak', 'https://login.example.com/realms/shop/protocol/openid-connect/certs'],
])('docs/authentication.md, %s', (issuer, jwksUrl) => {
  const { env, user, machine } = documented(issuer);

  it("accepts the user's token that it shows", async () => {
    expect(await caller(env, user)).toEqual({
      kind: 'session',
      clerkId: user.sub,
      issuedAt: new Date(Number(user.iat) * 1_000),
      impersonated: false,
    });
  });

  it("gives the machine's token that it shows the scopes of MACHINE_SCOPES", async () => {
    expect(await caller(env, machine)).toEqual({ kind: 'machine', subject: machine.sub, scopes: GRANTED });
  });

  it.each(['conversions:publish', 'openid conversions:publish'])(
    'lets a machine narrow its scopes to %j',
    async (scope) => {
      expect(await caller(env, { ...machine, scope })).toMatchObject({ scopes: ['conversions:publish'] });
    },
  );

  it('gives a machine no scope that MACHINE_SCOPES does not', async () => {
    const token = { ...machine, scope: 'conversions:operate conversions:write' };
    expect(await caller(env, token)).toMatchObject({ scopes: [] });
  });

  it('finds the keys where the issuer has them', () => {
    expect(configOf(env).users.jwksUrl).toBe(jwksUrl);
  });

  it('knows an impersonated session', async () => {
    expect(await caller(env, { ...user, act: { sub: 'agent' } })).toMatchObject({ impersonated: true });
  });

  it.each([
    ['AUTH_ISSUER', 'the issuer', { iss: 'https://other.example.com' }, 'token_wrong_issuer'],
    ['AUTH_AUTHORIZED_PARTIES', 'the party', { azp: 'other' }, 'token_wrong_party'],
    [
      'AUTH_MAX_TOKEN_LIFETIME',
      'the lifetime',
      { exp: Number(user.iat) + 86_401 },
      'token_lifetime_too_long',
    ],
  ])("names %s where %s of a user's token is wrong", async (variable, _what, claims, code) => {
    const refused = await refusal(env, { ...user, ...claims });
    expect(refused).toContain(`${code}: `);
    expect(refused).toContain(variable);
  });
});

describe('docs/authentication.md', () => {
  it('begins with an environment that is enough for the sessions of Clerk', async () => {
    const page = await readProjectFile('docs/authentication.md');
    const least = /```sh\n(.*?)```/s.exec(page)?.[1] ?? '';
    const env = Object.fromEntries(
      least
        .trim()
        .split('\n')
        .map((line) => line.split('=')),
    );
    expect(await caller(env, documented('Clerk').user)).toMatchObject({ kind: 'session' });
  });

  it('has users of Clerk and machines of Auth0 together', async () => {
    const env = documentedEnvironment('Users of one issuer, machines of another');
    expect(await caller(env, documented('Clerk').user)).toMatchObject({ kind: 'session' });
    expect(await caller(env, documented('Auth0').machine, keys.machines)).toMatchObject({ scopes: GRANTED });
  });

  it('has scopes that the API takes', () => {
    const env = { ...documented('Clerk').env, ...documentedEnvironment('Backends and their scopes') };
    expect([...configOf(env).machines.scopes.keys()]).toEqual(['mch_shop', 'mch_support']);
  });

  it('has a row for each variable', async () => {
    const page = await readProjectFile('docs/authentication.md');
    const rows = [...page.matchAll(/^\| `((?:AUTH|MACHINE)_\w+)` \|/gm)].map(([, name]) => name);
    expect(new Set(rows)).toEqual(new Set(Object.keys(authVariables)));
  });

  it.each(['Auth0', 'Keycloak'])(
    "says what to do without `sid`, which %s's tokens may lack",
    async (issuer) => {
      const { env, user } = documented(issuer);
      const refused = await refusal({ ...env, AUTH_REQUIRE_SESSION_ID: 'on' }, { ...user, sid: undefined });
      expect(refused).toMatch(/^token_not_a_session: .*AUTH_REQUIRE_SESSION_ID=off/);
    },
  );
});
