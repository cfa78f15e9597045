import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createAuthenticate } from '../../../src/api/authenticate.js';
import { createKeysOfIssuers, ISSUER_KEY_TIMES } from '../../../src/api/issuer-keys.js';
import { createMetrics } from '../../../src/metrics.js';
import { logger } from '../../support/runtime.js';
import { startKeyServer } from '../key-server.js';
import { caller, configOf, documented, documentedEnvironment, keys, refusal } from './support.js';

const env = documentedEnvironment('Users of one issuer, machines of another');
const clerk = documented('Clerk');
const auth0 = documented('Auth0');

describe('with an issuer of machines', () => {
  it('its tokens are those of machines, whatever they have', async () => {
    const user = { ...auth0.user, ...clerk.user, iss: auth0.user.iss };
    expect(await caller(env, user, keys.machines)).toEqual({
      kind: 'machine',
      subject: clerk.user.sub,
      scopes: [],
    });
  });

  it("a user of the users' issuer is no machine, even with the subject and the audience of one", async () => {
    const { sub, aud } = auth0.machine;
    expect(await caller(env, { ...clerk.user, sub, aud })).toMatchObject({ kind: 'session', clerkId: sub });
  });

  it("a machine of the users' issuer is neither a machine nor a user, and MACHINE_ISSUER is named", async () => {
    const token = { ...clerk.machine, sid: 'sess_1', aud: auth0.machine.aud };
    expect(await refusal(env, token)).toMatch(/^token_wrong_issuer: .*MACHINE_ISSUER/);
  });

  it.each([
    ["the users' issuer cannot sign for the machines'", auth0.machine, keys.users],
    ["the machines' issuer cannot sign for the users'", clerk.user, keys.machines],
  ])('%s', async (_what, claims, signedBy) => {
    expect(await refusal(env, claims, signedBy)).toMatch(/^token_invalid_signature/);
  });

  it('a token of a third is refused, and both are named', async () => {
    const refused = await refusal(env, { ...clerk.user, iss: 'https://third.example.com' });
    expect(refused).toMatch(/^token_wrong_issuer: .*clerk\.example\.com \(AUTH_ISSUER\).*\(MACHINE_ISSUER\)/);
  });

  it.each(['users', 'machines'] as const)('while that of %s is away, the other answers', async (away) => {
    const servers = {
      users: await startKeyServer([keys.users.jwk]),
      machines: await startKeyServer([keys.machines.jwk]),
    };
    onTestFinished(async () => void (await Promise.all([servers.users.stop(), servers.machines.stop()])));
    servers[away].answerWith(500, {});
    const config = configOf({
      ...env,
      AUTH_JWKS_URL: servers.users.jwksUrl,
      MACHINE_JWKS_URL: servers.machines.jwksUrl,
    });
    const metrics = createMetrics();
    const times = { ...ISSUER_KEY_TIMES, refreshMs: 3_600_000, retryMs: 3_600_000 };
    const authenticate = createAuthenticate(config, createKeysOfIssuers(config, { metrics, logger }, times));
    vi.useFakeTimers({ toFake: ['Date'], now: (Number(clerk.user.iat) + 10) * 1_000 });
    onTestFinished(() => void vi.useRealTimers());
    const tokens = {
      users: await keys.users.sign(clerk.user),
      machines: await keys.machines.sign(auth0.machine),
    };
    const other = away === 'users' ? 'machines' : 'users';

    expect(await authenticate(`Bearer ${tokens[other]}`)).toHaveProperty('kind');
    await expect(authenticate(`Bearer ${tokens[away]}`)).rejects.toMatchObject({
      code: 'authentication_unavailable',
      message: expect.stringContaining(config[away].issuer),
    });
    const { values } = await metrics.issuerKeysTimestamp.get();
    expect(values.filter(({ value }) => value === 0).map(({ labels }) => labels.issuer)).toEqual([
      config[away].issuer,
    ]);
  });
});
