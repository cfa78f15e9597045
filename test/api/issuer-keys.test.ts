import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, importJWK, type JWK, SignJWT } from 'jose';
import { pino } from 'pino';
import { afterEach, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { type IssuerKey, loadIssuerKey, publicPartOf } from '../../dev/issuer-key.js';
import { signSessionToken } from '../../dev/sign-token.js';
import { createAuthenticate } from '../../src/api/authenticate.js';
import { createKeysOfIssuers, ISSUER_KEY_TIMES } from '../../src/api/issuer-keys.js';
import { type Environment, loadAuthConfig } from '../../src/config.js';
import { createMetrics } from '../../src/metrics.js';
import { startKeyServer } from './key-server.js';

const ISSUER = 'https://clerk.example.com';

/** The issuer's, its next one, and one that is not the issuer's. */
let key: IssuerKey;
let newKey: IssuerKey;
let strange: IssuerKey;

beforeAll(async () => {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-'));
  const load = (name: string) => loadIssuerKey(join(directory, name));
  [key, newKey, strange] = await Promise.all([load('key'), load('new'), load('strange')]);
});
afterEach(() => {
  vi.useRealTimers();
});

/** Nothing is fetched in the background within a test, unless it says so. */
const NEVER = 3_600_000;

/** The machine may be busy. */
const PATIENCE = { timeout: 15_000, interval: 10 };

async function start(
  times: Partial<typeof ISSUER_KEY_TIMES> = {},
  keys: readonly JWK[] = [publicPartOf(key)],
) {
  const issuer = await startKeyServer(keys);
  onTestFinished(() => issuer.stop());
  return { ...issuer, ...open(issuer.jwksUrl, times) };
}

function open(jwksUrl: string, times: Partial<typeof ISSUER_KEY_TIMES> = {}, env: Environment = {}) {
  const metrics = createMetrics();
  const lines: { level: number; code: string }[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const own = { ...ISSUER_KEY_TIMES, refreshMs: NEVER, retryMs: NEVER, ...times };
  // Otherwise it would go on to fetch every few milliseconds until all tests of this process have run.
  onTestFinished(() => void Object.assign(own, { refreshMs: NEVER, retryMs: NEVER }));
  const config = loadAuthConfig({
    ...env,
    AUTH_ISSUER: ISSUER,
    AUTH_JWKS_URL: jwksUrl,
    AUTH_AUTHORIZED_PARTIES: '*',
  });
  const authenticate = createAuthenticate(config, createKeysOfIssuers(config, { metrics, logger }, own));
  return {
    lines,
    fetchedAt: async () => (await metrics.issuerKeysTimestamp.get()).values.map(({ value }) => value),
    /** The code of the refusal, or `accepted`. */
    async outcome(token: string): Promise<string> {
      return authenticate(`Bearer ${token}`).then(
        () => 'accepted',
        ({ code }: { code: string }) => code,
      );
    },
  };
}

const token = (signer: IssuerKey = key, claims: Record<string, unknown> = {}) =>
  signSessionToken(signer, { issuerUrl: ISSUER, clerkId: 'user_1', ...claims });

async function tokenWithoutKid(signer: JWK) {
  const claims = { iss: ISSUER, sub: 'user_1', sid: 'sess_1', exp: Date.now() / 1000 + 60 };
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256' }).sign(await importJWK(signer, 'RS256'));
}

const now = () => Math.floor(Date.now() / 1000);

describe('a token without `kid`', () => {
  it.each(['first', 'second'])('is tried with each key: it was signed with the %s', async (which) => {
    const { outcome } = await start({}, [key, newKey].map(publicPartOf));
    expect(await outcome(await tokenWithoutKid(which === 'first' ? key : newKey))).toBe('accepted');
  });

  it('that no key of the issuer signed is refused, and no outage', async () => {
    const { outcome, fetches, lines } = await start({}, [key, newKey].map(publicPartOf));
    expect(await outcome(await tokenWithoutKid(strange))).toBe('token_invalid_signature');
    expect({ fetches: fetches(), lines }).toEqual({ fetches: 1, lines: [] });
  });

  it('is held against its claims with each key', async () => {
    const { outcome } = await start({}, [key, newKey].map(publicPartOf));
    const { kid: _, ...unnamed } = newKey;
    const expired = await token(unnamed as IssuerKey, { exp: now() - 60 });
    expect(await outcome(expired)).toBe('token_expired');
  });
});

describe("while the issuer's keys cannot be fetched", () => {
  it.each(['answers 500', 'hangs'])('the last good ones serve: the issuer %s', async (what) => {
    const issuer = await start({ refreshMs: 5, retryMs: 5, timeoutMs: 300 });
    await expect.poll(async () => issuer.outcome(await token()), PATIENCE).toBe('accepted');
    issuer.lines.length = 0;
    if (what === 'hangs') issuer.hang();
    else issuer.answerWith(500, {});
    const before = issuer.fetches();
    await expect.poll(issuer.fetches, PATIENCE).toBeGreaterThan(before + 1);
    expect(await issuer.outcome(await token())).toBe('accepted');
    expect(issuer.lines.map(({ code }) => code)).toEqual(['issuer_keys_unavailable']);
    issuer.publish(publicPartOf(newKey));
    await expect.poll(async () => issuer.outcome(await token(newKey)), PATIENCE).toBe('accepted');
    expect(issuer.lines.map(({ code }) => code)).toEqual(['issuer_keys_unavailable', 'issuer_keys_fetched']);
  });

  it('a request whose key is known does not wait for the fetch that hangs', async () => {
    const issuer = await start({ refreshMs: 5, timeoutMs: NEVER });
    expect(await issuer.outcome(await token())).toBe('accepted');
    issuer.hang();
    const before = issuer.fetches();
    await expect.poll(issuer.fetches, PATIENCE).toBeGreaterThan(before);
    expect(await issuer.outcome(await token())).toBe('accepted');
  });

  it('the last good ones serve for a day at most', async () => {
    const issuer = await start();
    expect(await issuer.outcome(await token())).toBe('accepted');
    vi.useFakeTimers({ toFake: ['Date'] });
    vi.setSystemTime(Date.now() + ISSUER_KEY_TIMES.staleMs - 1_000);
    expect(await issuer.outcome(await token())).toBe('accepted');
    vi.setSystemTime(Date.now() + 1_000);
    expect(await issuer.outcome(await token())).toBe('authentication_unavailable');
  });

  it('and never were, all requests share one failed fetch', async () => {
    const issuer = await startKeyServer([]);
    onTestFinished(() => issuer.stop());
    issuer.hang();
    const { outcome, fetchedAt, lines } = open(issuer.jwksUrl, { timeoutMs: 50 });
    const tokens = await Promise.all(Array.from({ length: 20 }, () => token()));
    const first = await Promise.all(tokens.map(outcome));
    const then = await Promise.all(tokens.map(outcome));
    expect(new Set([...first, ...then])).toEqual(new Set(['authentication_unavailable']));
    // On a busy machine the fetch may end before it reaches the issuer.
    expect(issuer.fetches()).toBeLessThanOrEqual(1);
    expect({ fetchedAt: await fetchedAt(), lines: lines.length }).toEqual({ fetchedAt: [0], lines: 1 });
  });

  it('a token with a key that is not known may have a new one: 503 without another fetch', async () => {
    const issuer = await start({ refreshMs: 5 });
    await issuer.outcome(await token());
    issuer.answerWith(500, {});
    await expect.poll(() => issuer.lines.length, PATIENCE).toBe(1);
    const before = issuer.fetches();
    expect(await issuer.outcome(await token(newKey))).toBe('token_key_pending');
    expect(issuer.fetches()).toBe(before);
  });
});

/** https://www.rfc-editor.org/rfc/rfc7518#section-3.3 asks for 2,048 bits. */
function shortKey() {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  return publicKey.export({ format: 'jwk' });
}

describe('a set of keys', () => {
  const unusable: [what: string, keys: () => Promise<unknown>][] = [
    ['is empty', async () => ({ keys: [] })],
    ['is no set', async () => ({ error: 'maintenance' })],
    ['is for encryption', async () => ({ keys: [{ ...publicPartOf(newKey), use: 'enc' }] })],
    ['is for another algorithm', async () => ({ keys: [{ ...publicPartOf(newKey), alg: 'PS256' }] })],
    ['has no modulus', async () => ({ keys: [{ ...publicPartOf(newKey), n: undefined }] })],
    ['is short', async () => ({ keys: [shortKey()] })],
    ['is private', async () => ({ keys: [newKey] })],
    ['is elliptic', async () => ({ keys: [await exportJWK((await generateKeyPair('ES256')).publicKey)] })],
  ];

  it.each(unusable)('that %s does not replace the good ones', async (_what, keys) => {
    const issuer = await start({ refreshMs: 5, retryMs: 5 });
    expect(await issuer.outcome(await token())).toBe('accepted');
    issuer.answerWith(200, await keys());
    await expect
      .poll(() => issuer.lines.map(({ code }) => code), PATIENCE)
      .toEqual(['issuer_keys_unavailable']);
    expect(await issuer.outcome(await token())).toBe('accepted');
  });

  it('may have unusable keys beside a good one', async () => {
    const { outcome } = await start({}, [{ kty: 'RSA', kid: 'broken' }, { kty: 'OKP' }, publicPartOf(key)]);
    expect(await outcome(await token())).toBe('accepted');
    expect(await outcome(await tokenWithoutKid(key))).toBe('accepted');
  });

  it('is fetched again in the background, so that a removed key verifies no longer', async () => {
    const issuer = await start({ refreshMs: 5, retryMs: 5 });
    expect(await issuer.outcome(await token())).toBe('accepted');
    issuer.publish(publicPartOf(newKey));
    await expect.poll(async () => issuer.outcome(await token()), PATIENCE).not.toBe('accepted');
    expect(await issuer.outcome(await token(newKey))).toBe('accepted');
  });

  it('has the time of its fetch in a metric', async () => {
    const { outcome, fetchedAt } = await start();
    await outcome(await token());
    const [seconds = 0] = await fetchedAt();
    expect(Math.abs(seconds - now())).toBeLessThan(60);
  });
});

describe('a token with a key that is not known', () => {
  it('is accepted at once if the issuer has the key by now: all tokens share one fetch', async () => {
    const issuer = await start();
    await issuer.outcome(await token());
    issuer.publish(publicPartOf(key), publicPartOf(newKey));
    const tokens = await Promise.all(Array.from({ length: 20 }, () => token(newKey)));
    expect(new Set(await Promise.all(tokens.map(issuer.outcome)))).toEqual(new Set(['accepted']));
    expect(issuer.fetches()).toBe(2);
  });

  it('is refused if the issuer does not have it; the next one is to come back after the pause', async () => {
    const issuer = await start();
    await issuer.outcome(await token());
    expect(await issuer.outcome(await token(strange))).toBe('token_unknown_key');
    for (let count = 0; count < 20; count += 1) {
      const junk = await token({ ...strange, kid: `kid-${count}` });
      expect(await issuer.outcome(junk)).toBe('token_key_pending');
    }
    expect(issuer.fetches()).toBe(2);
    expect(await issuer.outcome(await token())).toBe('accepted');
    expect(issuer.lines).toEqual([]);
  });

  it('is refused without a fetch if it was issued before the keys were fetched', async () => {
    const issuer = await start();
    await issuer.outcome(await token());
    expect(await issuer.outcome(await token(strange, { iat: now() - 60 }))).toBe('token_unknown_key');
    expect(issuer.fetches()).toBe(1);
  });

  it.each([5, null, {}, ''])('is refused if its `kid` is %j', async (kid) => {
    const issuer = await start();
    const [header, ...rest] = (await token()).split('.');
    const claimed = { ...JSON.parse(atob(String(header))), kid };
    const junk = [btoa(JSON.stringify(claimed)).replaceAll('=', ''), ...rest].join('.');
    expect(await issuer.outcome(junk)).toMatch(/^token_/);
  });
});

describe('junk costs the issuer nothing', () => {
  const junk: [what: string, code: string, () => Promise<string>][] = [
    ['no JWT', 'token_malformed', async () => 'a.b.c'],
    ['a JWT of five parts', 'token_malformed', async () => `${await token(strange)}.d.e`],
    ['another issuer', 'token_wrong_issuer', () => token(strange, { iss: 'https://other.example.com' })],
    ['an expired token', 'token_expired', () => token(strange, { exp: now() - 60 })],
    ['a token for ever', 'token_lifetime_too_long', () => token(strange, { exp: 1e300 })],
    ['an infinite token', 'token_lifetime_too_long', () => forged('"exp":1e999')],
    ['no session', 'token_not_a_session', () => token(strange, { sid: undefined })],
    ['claims that are no object', 'token_malformed', async () => `${btoa('{"alg":"RS256"}')}.${btoa('5')}.c`],
  ];

  async function forged(claim: string): Promise<string> {
    const [header, , signature] = (await token(strange)).split('.');
    const claims = `{"iss":"${ISSUER}","sub":"user_1","sid":"s",${claim}}`;
    return [header, btoa(claims).replaceAll('=', ''), signature].join('.');
  }

  it.each(junk)('%s is refused as %s, even while the issuer is away', async (_what, code, create) => {
    const issuer = await startKeyServer([]);
    onTestFinished(() => issuer.stop());
    issuer.hang();
    const { outcome } = open(issuer.jwksUrl);
    expect(await outcome(await create())).toBe(code);
    expect(issuer.fetches()).toBeLessThanOrEqual(1);
  });

  it("a stranger's signature under a known key is refused without a fetch", async () => {
    const { outcome, fetches } = await start();
    expect(await outcome(await token({ ...strange, kid: key.kid }))).toBe('token_invalid_signature');
    expect(fetches()).toBe(1);
  });
});
