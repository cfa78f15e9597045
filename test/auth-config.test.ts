import { describe, expect, it } from 'vitest';
import { type Environment, loadAuthConfig } from '../src/config.js';

const API: Environment = {
  AUTH_ISSUER: 'https://issuer.example.com',
  AUTH_AUTHORIZED_PARTIES: 'shop-web',
};
const UUID = 'd952cf23-bf92-4c8f-a3ff-4972b4f2bc5b';
const MACHINE_SCOPES = `${UUID}=conversions:publish`;

function refusal(env: Environment): string {
  try {
    loadAuthConfig({ ...API, ...env });
  } catch (error) {
    return (error as Error).message;
  }
  return 'accepted';
}

describe('a machine whose subject could be that of a user', () => {
  it.each([
    ['without audiences', {}],
    ['with an audience of users alone', { AUTH_AUDIENCE: 'a' }],
    ['with an audience of machines alone', { MACHINE_AUDIENCE: 'a' }],
    ['with one audience for both', { AUTH_AUDIENCE: 'a', MACHINE_AUDIENCE: 'a' }],
    ['with another form', { MACHINE_SUBJECTS: '*@clients' }],
  ])('is refused %s, and the message names it and each way out', (_how, env) => {
    const message = refusal({ MACHINE_SCOPES, ...env });
    expect(message).toContain(`\n  MACHINE_SCOPES: names ${UUID}, which could be a user`);
    for (const variable of ['MACHINE_SUBJECTS', 'AUTH_AUDIENCE', 'MACHINE_AUDIENCE', 'MACHINE_ISSUER'])
      expect(message).toContain(variable);
  });

  it.each([
    ['the audiences differ', { AUTH_AUDIENCE: 'a', MACHINE_AUDIENCE: 'b' }],
    ['machines have an issuer of their own', { MACHINE_ISSUER: 'https://machines.example.com' }],
    ['its form is that of machines', { MACHINE_SUBJECTS: 'd952*' }],
  ])('is accepted if %s', (_why, env) => {
    expect([...loadAuthConfig({ ...API, MACHINE_SCOPES, ...env }).machines.scopes.keys()]).toEqual([UUID]);
  });

  it("is refused if it is a user's of Auth0", () => {
    const scopes = 'auth0|kim@clients=conversions:read';
    expect(refusal({ MACHINE_SUBJECTS: '*@clients', MACHINE_SCOPES: scopes })).toContain('could be a user');
  });
});

describe('MACHINE_SUBJECTS', () => {
  it.each([
    ['mch_*', 'mch_a', true],
    ['mch_*', 'mch_', false],
    ['mch_*', 'a mch_a', false],
    ['*@clients', 'awZfdIir8YFd@clients', true],
    ['*@clients', '@clients', false],
    ['*@clients', 'auth0|kim@clients', false],
    ['*@clients', 'kim@clients.example.com', false],
    ['a.b*c', 'a.bxc', true],
    ['a.b*c', 'axbxc', false],
  ])('%s matches %s: %j', (form, subject, matches) => {
    const { subjects } = loadAuthConfig({ ...API, MACHINE_SUBJECTS: form }).machines;
    expect(subjects.test(subject)).toBe(matches);
  });

  it.each(['*', 'mch_', 'a*b*', 'a|*', 'mch_*,*@clients'])('refuses %s', (form) => {
    expect(refusal({ MACHINE_SUBJECTS: form })).toContain('MACHINE_SUBJECTS: must have one * and other');
  });
});

describe('an issuer of machines', () => {
  it('has the address of its keys by default', () => {
    const { machines } = loadAuthConfig({ ...API, MACHINE_ISSUER: 'https://example.eu.auth0.com/' });
    expect(machines).toMatchObject({
      issuer: 'https://example.eu.auth0.com/',
      jwksUrl: 'https://example.eu.auth0.com/.well-known/jwks.json',
    });
  });

  it.each([
    [
      'that is the issuer of users',
      { MACHINE_ISSUER: API.AUTH_ISSUER },
      'MACHINE_ISSUER: must not be AUTH_ISSUER',
    ],
    [
      'of which only the keys are named',
      { MACHINE_JWKS_URL: 'https://machines.example.com/jwks' },
      'MACHINE_JWKS_URL: needs MACHINE_ISSUER',
    ],
  ])('%s is refused', (_what, env, message) => {
    expect(refusal(env)).toContain(message);
  });
});

describe('AUTH_REQUIRE_SESSION_ID=off', () => {
  it('needs an audience', () => {
    expect(refusal({ AUTH_REQUIRE_SESSION_ID: 'off' })).toContain('\n  AUTH_AUDIENCE: is missing');
    expect(refusal({ AUTH_REQUIRE_SESSION_ID: 'off', AUTH_AUDIENCE: 'a' })).toBe('accepted');
  });
});

describe('AUTH_AUDIENCE', () => {
  it('is that of machines too, unless they have another', () => {
    expect(loadAuthConfig({ ...API, AUTH_AUDIENCE: 'a' }).machines.audience).toBe('a');
    expect(loadAuthConfig({ ...API, AUTH_AUDIENCE: 'a', MACHINE_AUDIENCE: 'b' }).machines.audience).toBe('b');
  });
});
