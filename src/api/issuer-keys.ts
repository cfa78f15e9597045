import type { JWTVerifyGetKey } from 'jose';
import { createLocalJWKSet, createRemoteJWKSet, errors, importJWK, type JSONWebKeySet, type JWK } from 'jose';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import { Problem } from './problem.js';
import { CLOCK_TOLERANCE_SECONDS } from './token-claims.js';

/** Finds the key of a token. @param issuedAt the token's `iat` */
export type IssuerKeys = (issuedAt: number | undefined) => JWTVerifyGetKey;

export const ISSUER_KEY_TIMES = {
  /** While the issuer answers, a key that it has removed verifies for at most this long. */
  refreshMs: 5 * 60_000,
  /** Between a failed fetch and the next, and between two fetches for unknown keys: all requests share them. */
  retryMs: 5_000,
  /** For this long the last good keys verify while the issuer does not answer. */
  staleMs: 24 * 60 * 60_000,
  /** Of one fetch. */
  timeoutMs: 5_000,
};

/**
 * The issuer's public keys, fetched again and again in the background: a request whose key is known never waits for the
 * issuer, and the last good keys verify on while the issuer is away. Nothing that a caller sends makes the API fetch
 * more often than `retryMs` says.
 */
export function createIssuerKeys(
  jwksUrl: string,
  { metrics, logger }: { metrics: Pick<Metrics, 'issuerKeysTimestamp'>; logger: Logger },
  times = ISSUER_KEY_TIMES,
): IssuerKeys {
  const remote = createRemoteJWKSet(new URL(jwksUrl), { timeoutDuration: times.timeoutMs });
  const labels = { source: new URL(jwksUrl).host };
  let keys: { find: JWTVerifyGetKey; fetchedAt: number } | undefined;
  let lastFailed = false;
  let underWay: Promise<void> | undefined;
  let nextTimer: NodeJS.Timeout | undefined;
  let searchAgainAt = 0;

  function fetchOnce(): Promise<void> {
    underWay ??= fetchKeys().finally(() => {
      underWay = undefined;
      clearTimeout(nextTimer);
      nextTimer = setTimeout(fetchOnce, lastFailed ? times.retryMs : times.refreshMs).unref();
    });
    return underWay;
  }

  async function fetchKeys(): Promise<void> {
    const fetchedAt = Date.now();
    try {
      await remote.reload();
      keys = { find: createLocalJWKSet(await usableKeys(remote.jwks())), fetchedAt };
      metrics.issuerKeysTimestamp.set(labels, fetchedAt / 1000);
      if (lastFailed) logger.info({ code: 'issuer_keys_fetched' }, "the issuer's keys are fetched again");
      lastFailed = false;
    } catch (err) {
      const fields = { err, code: 'issuer_keys_unavailable', jwksUrl };
      if (!lastFailed)
        logger.warn(fields, "the issuer's keys cannot be fetched; the last good ones serve for a day");
      lastFailed = true;
    }
  }

  /** @throws Problem while there are none, or only such as are older than a day */
  async function currentKeys() {
    if (!keys && !lastFailed) await fetchOnce();
    if (keys && Date.now() - keys.fetchedAt < times.staleMs) return keys;
    throw new Problem('authentication_unavailable', "The issuer's keys are unavailable. Retry the request.");
  }

  /** @throws Problem while it is open whether the issuer has a new key */
  async function newerKeys() {
    const mayBeNew = () =>
      new Problem(
        'token_key_pending',
        'The issuer may have a new key that signed the token. Retry the request.',
      );
    if (lastFailed || (!underWay && Date.now() < searchAgainAt)) throw mayBeNew();
    if (!underWay) searchAgainAt = Date.now() + times.retryMs;
    await fetchOnce();
    if (lastFailed) throw mayBeNew();
    return currentKeys();
  }

  metrics.issuerKeysTimestamp.set(labels, 0);
  void fetchOnce();
  return (issuedAt) => async (header, token) => {
    const { find, fetchedAt } = await currentKeys();
    try {
      return await find(header, token);
    } catch (error) {
      // An issuer publishes a key before it signs with it.
      const isKnownByThen = issuedAt !== undefined && (issuedAt + CLOCK_TOLERANCE_SECONDS) * 1000 < fetchedAt;
      if (!(error instanceof errors.JWKSNoMatchingKey) || isKnownByThen) throw error;
      return await (await newerKeys()).find(header, token);
    }
  };
}

/** @throws where no key can verify: keys of another use must not replace good ones */
async function usableKeys(fetched: JSONWebKeySet | undefined): Promise<JSONWebKeySet> {
  const all = fetched?.keys ?? [];
  const usable = await Promise.all(all.map(isUsable));
  const keys = all.filter((_, index) => usable[index]);
  if (keys.length === 0) throw new Error(`none of the ${all.length} keys in the set can verify RS256`);
  return { keys };
}

async function isUsable(jwk: JWK): Promise<boolean> {
  if (jwk.kty !== 'RSA' || (jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? 'RS256') !== 'RS256') return false;
  try {
    const key = await importJWK(jwk, 'RS256');
    if (!('type' in key) || key.type !== 'public') return false;
    // https://www.rfc-editor.org/rfc/rfc7518#section-3.3
    return Number((key.algorithm as { modulusLength?: number }).modulusLength) >= 2048;
  } catch {
    return false;
  }
}
