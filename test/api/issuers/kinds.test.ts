import { describe, expect, it } from 'vitest';
import { type Claims, caller, documented, refusal } from './support.js';

const clerk = documented('Clerk');
const auth0 = documented('Auth0');
const keycloak = documented('Keycloak');

/** What a caller of Auth0 or Keycloak could have about a machine in its own token. */
const like = ({ azp, scope, gty, client_id, preferred_username }: Claims): Claims => ({
  ...{ azp, scope, gty, client_id, preferred_username },
});

describe("a user's token stays one", () => {
  it.each([
    ['Auth0', auth0],
    ['Keycloak', keycloak],
  ])(
    "with all of a machine's claims but its subject and its audience: %s",
    async (_issuer, { env, ...of }) => {
      const anyParty = { ...env, AUTH_AUTHORIZED_PARTIES: '*' };
      expect(await caller(anyParty, { ...of.user, ...like(of.machine) })).toMatchObject({
        kind: 'session',
        clerkId: of.user.sub,
      });
    },
  );

  it("with a name that ends as Auth0's machines do, in a database of the company's own", async () => {
    const kim = { ...auth0.user, sub: 'auth0|kim@clients' };
    expect(await caller(auth0.env, kim)).toMatchObject({ kind: 'session', clerkId: 'auth0|kim@clients' });
  });

  it('and is refused if a client signed the user in that is not named', async () => {
    for (const { env, user, machine } of [auth0, keycloak])
      expect(await refusal(env, { ...user, azp: machine.azp })).toMatch(
        /^token_wrong_party: .*AUTH_AUTHORIZED_PARTIES/,
      );
  });

  it('and is refused so if the party is in `client_id`, as RFC 9068 says', async () => {
    const { azp, ...user } = auth0.user;
    expect(await caller(auth0.env, { ...user, client_id: azp })).toMatchObject({ kind: 'session' });
    expect(await refusal(auth0.env, { ...user, client_id: 'other' })).toMatch(/^token_wrong_party/);
  });
});

describe("a user who gets the machines' audience", () => {
  const { env, user, machine } = keycloak;

  it('is no machine with scopes, whichever client the user signed in through', async () => {
    const token = { ...user, ...like(machine), aud: machine.aud };
    expect(await caller(env, token)).toEqual({ kind: 'machine', subject: user.sub, scopes: [] });
  });

  it('beside that of users is refused, and both variables are named', async () => {
    const refused = await refusal(env, { ...user, aud: ['affiliate-users', 'affiliate-machines'] });
    expect(refused).toMatch(/^token_wrong_audience: .*AUTH_AUDIENCE.*MACHINE_AUDIENCE/);
  });
});

describe("a machine's token stays one", () => {
  it.each([
    ['Clerk', clerk],
    ['Auth0', auth0],
    ['Keycloak', keycloak],
  ])("with all of a user's claims but its subject: %s", async (_issuer, { env, user, machine }) => {
    const token = { ...user, ...machine, sid: 'sess_1', azp: user.azp };
    expect(await caller(env, token)).toMatchObject({ kind: 'machine', subject: machine.sub });
  });

  it("with the claim of users' ids, which a machine of Clerk can write", async () => {
    const env = { ...clerk.env, AUTH_USER_ID_CLAIM: 'external_id' };
    const token = { ...clerk.machine, sid: 'sess_1', azp: clerk.user.azp, external_id: 'victim' };
    expect(await caller(env, token)).toMatchObject({ kind: 'machine' });
  });

  it.each([
    ['Clerk', clerk, { sub: 'mch_other' }],
    ['Auth0', auth0, { sub: 'other@clients' }],
    ['Keycloak', keycloak, { sub: 'a6a3b2f0-0000-4000-8000-000000000000' }],
  ])('without scopes if MACHINE_SCOPES does not name it: %s', async (_issuer, { env, machine }, claims) => {
    expect(await caller(env, { ...machine, ...claims })).toEqual({
      kind: 'machine',
      subject: claims.sub,
      scopes: [],
    });
  });
});

describe('an audience', () => {
  const clerks = { ...clerk.env, AUTH_AUDIENCE: 'users', MACHINE_AUDIENCE: 'machines' };
  const auth0s = { ...auth0.env, MACHINE_AUDIENCE: 'https://machines.example.com' };

  it.each([
    ['a user of Clerk with none', clerks, clerk.user, 'AUTH_AUDIENCE'],
    ['a machine of Clerk with that of users', clerks, { ...clerk.machine, aud: 'users' }, 'MACHINE_AUDIENCE'],
    ['an ID token of Auth0', auth0.env, { ...auth0.user, aud: auth0.user.azp }, 'AUTH_AUDIENCE'],
    ['a machine of Auth0 for another API', auth0.env, { ...auth0.machine, aud: 'other' }, 'AUTH_AUDIENCE'],
    ['a machine of Auth0 with that of users', auth0s, auth0.machine, 'MACHINE_AUDIENCE'],
    [
      'a user of Keycloak without a mapper',
      keycloak.env,
      { ...keycloak.user, aud: 'account' },
      'AUTH_AUDIENCE',
    ],
    [
      'a machine of Keycloak with that of users',
      keycloak.env,
      { ...keycloak.machine, aud: keycloak.user.aud },
      'MACHINE_AUDIENCE',
    ],
  ])('is missing, and its variable is named: %s', async (_what, env, claims, variable) => {
    expect(await refusal(env, claims)).toMatch(new RegExp(`^token_wrong_audience: .*\\(${variable}\\)`));
  });

  it('of its own for each kind of Clerk', async () => {
    expect(await caller(clerks, { ...clerk.user, aud: 'users' })).toMatchObject({ kind: 'session' });
    expect(await caller(clerks, { ...clerk.machine, aud: ['machines'] })).toMatchObject({ kind: 'machine' });
  });
});

describe('AUTH_USER_ID_CLAIM', () => {
  const claim = 'https://shop.example.com/user_id';
  const env = { ...auth0.env, AUTH_USER_ID_CLAIM: claim };

  it('names the claim that identifies the user', async () => {
    expect(await caller(env, { ...auth0.user, [claim]: 'user_1' })).toMatchObject({ clerkId: 'user_1' });
  });

  it.each([undefined, null, '', 5, ['user_1'], { id: 'user_1' }])(
    'is named in the refusal of a token that has %j there',
    async (value) => {
      expect(await refusal(env, { ...auth0.user, [claim]: value })).toMatch(
        /^token_malformed: .*user_id.*AUTH_USER_ID_CLAIM/,
      );
    },
  );
});

describe('the scopes of OpenID Connect in a machine token', () => {
  const scopesOf = (scope: unknown) => caller(keycloak.env, { ...keycloak.machine, scope });

  it.each(['openid', 'profile email', 'openid email offline_access'])('do not narrow: %j', async (scope) => {
    expect(await scopesOf(scope)).toMatchObject({ scopes: ['conversions:publish', 'conversions:adjust'] });
  });

  it.each(['profile conversion:publish', 'other', '', ' '])('narrow beside others: %j', async (scope) => {
    expect(await scopesOf(scope)).toMatchObject({ scopes: [] });
  });
});
