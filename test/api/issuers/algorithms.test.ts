import { type JWK, SignJWT } from 'jose';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthenticate } from '../../../src/api/authenticate.js';
import { createKeysOfIssuers, ISSUER_KEY_TIMES } from '../../../src/api/issuer-keys.js';
import { createMetrics } from '../../../src/metrics.js';
import { logger } from '../../support/runtime.js';
import { startKeyServer } from '../key-server.js';
import { configOf, newKey } from './support.js';

const NEVER = 3_600_000;
const claims = () => ({
  iss: 'https://issuer.example.com',
  sub: 'user_1',
  sid: 'sess_1',
  exp: Math.floor(Date.now() / 1000) + 60,
});

/** An API that takes these algorithms, of an issuer with these keys. */
async function start(algorithms: string, published: readonly JWK[]) {
  const issuer = await startKeyServer(published);
  onTestFinished(() => issuer.stop());
  const config = configOf({
    AUTH_ISSUER: claims().iss,
    AUTH_JWKS_URL: issuer.jwksUrl,
    AUTH_AUTHORIZED_PARTIES: '*',
    AUTH_ALGORITHMS: algorithms,
  });
  const times = { ...ISSUER_KEY_TIMES, refreshMs: NEVER, retryMs: NEVER };
  const keys = createKeysOfIssuers(config, { metrics: createMetrics(), logger }, times);
  const authenticate = createAuthenticate(config, keys);
  return (token: string): Promise<string> =>
    authenticate(`Bearer ${token}`).then(
      () => 'accepted',
      ({ code, message }: { code: string; message: string }) => `${code}: ${message}`,
    );
}

const KEYS: [alg: string, options?: { crv: string }][] = [
  ['RS256'],
  ['RS384'],
  ['RS512'],
  ['PS256'],
  ['PS384'],
  ['PS512'],
  ['ES256'],
  ['ES384'],
  ['ES512'],
  ['EdDSA', { crv: 'Ed25519' }],
  ['Ed25519'],
];

describe('a token that is signed with', () => {
  it.each(KEYS)('%s is accepted if AUTH_ALGORITHMS has it', async (alg, options) => {
    const key = await newKey(alg, 'key', options);
    const outcome = await start(`${alg === 'RS256' ? 'ES256' : 'RS256'} ${alg}`, [key.jwk]);
    expect(await outcome(await key.sign(claims()))).toBe('accepted');
  });

  it.each(['RS512', 'PS256', 'ES256'])(
    '%s is refused if AUTH_ALGORITHMS has another, and named with it',
    async (alg) => {
      const [key, other] = [await newKey(alg, 'key'), await newKey('RS256', 'other')];
      const outcome = await start('RS256', [other.jwk, { ...key.jwk, alg: 'RS256' }, key.jwk]);
      expect(await outcome(await key.sign(claims()))).toMatch(
        /^token_invalid_signature: .*RS256 \(AUTH_ALGORITHMS\)/,
      );
    },
  );
});

describe('a key of an issuer with several algorithms', () => {
  const algorithms = ['RS256', 'PS256', 'ES256', 'ES384', 'EdDSA'];
  const made = Promise.all([...algorithms, ...algorithms].map((each, n) => newKey(each, `k${n}`)));

  it.each(algorithms)('is found without `kid` for %s', async (alg) => {
    const pairs = await made;
    const outcome = await start(
      algorithms.join(),
      pairs.map(({ jwk: { kid: _, alg: __, ...jwk } }) => jwk),
    );
    for (const index of [algorithms.indexOf(alg), algorithms.indexOf(alg) + algorithms.length])
      expect(await outcome((await pairs[index]?.sign(claims(), { kid: '' })) ?? '')).toBe('accepted');
  });

  it('verifies no token of another algorithm than its own `alg`', async () => {
    const key = await newKey('RS256');
    const outcome = await start('RS256 RS512', [{ ...key.jwk, alg: 'RS512' }]);
    expect(await outcome(await key.sign(claims()))).toMatch(/^token_unknown_key/);
  });
});

describe('an issuer has no key', () => {
  const unusable: [what: string, algorithms: string, jwk: () => Promise<JWK>][] = [
    [
      'of the curve',
      'ES256',
      async () => ({ ...(await newKey('ES384')).jwk, alg: undefined }) as unknown as JWK,
    ],
    ['of the type', 'ES256 EdDSA', async () => (await newKey('RS256')).jwk],
    ['to verify with', 'ES256', async () => ({ ...(await newKey('ES256')).jwk, key_ops: ['sign'] })],
    ['but a secret', 'RS256', async () => ({ kty: 'oct', k: 'c2VjcmV0', kid: 'key', alg: 'HS256' })],
  ];

  it.each(unusable)('%s for %s: authentication is unavailable', async (_what, algorithms, jwk) => {
    const key = await newKey('ES256');
    const outcome = await start(algorithms, [await jwk()]);
    expect(await outcome(await key.sign(claims()))).toMatch(
      algorithms.includes('ES256') ? /^authentication_unavailable/ : /^token_invalid_signature/,
    );
  });

  it('that is a secret: a token of an HMAC is refused', async () => {
    const key = await newKey('RS256');
    const outcome = await start('RS256', [key.jwk, { kty: 'oct', k: 'c2VjcmV0', kid: 'key' }]);
    const secret = new TextEncoder().encode('secret');
    const header = { alg: 'HS256', kid: 'key' };
    const forged = await new SignJWT(claims()).setProtectedHeader(header).sign(secret);
    expect(await outcome(forged)).toMatch(/^token_invalid_signature/);
  });
});
