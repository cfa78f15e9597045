import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { AuthConfig, TokenIssuer } from '../config.js';
import { fetchKeySet } from '../issuer-key-set.js';
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

interface KeyDeps {
  metrics: Pick<Metrics, 'issuerKeysTimestamp'>;
  logger: Logger;
}

/** The keys for users' tokens and for machines': those of one issuer, or of two that fail apart from each other. */
export function createKeysOfIssuers(
  { users, machines, algorithms }: AuthConfig,
  deps: KeyDeps,
  times = ISSUER_KEY_TIMES,
): Record<'users' | 'machines', IssuerKeys> {
  const open = (issuer: TokenIssuer) => createIssuerKeys({ ...issuer, algorithms }, deps, times);
  const ofUsers = open(users);
  return { users: ofUsers, machines: machines.issuer === users.issuer ? ofUsers : open(machines) };
}

/**
 * The issuer's public keys, fetched again and again in the background: a request whose key is known never waits for the
 * issuer, and the last good keys verify on while the issuer is away. Nothing that a caller sends makes the API fetch
 * more often than `retryMs` says.
 */
function createIssuerKeys(
  { issuer, jwksUrl, algorithms }: TokenIssuer & Pick<AuthConfig, 'algorithms'>,
  { metrics, logger }: KeyDeps,
  times: typeof ISSUER_KEY_TIMES,
): IssuerKeys {
  const labels = { issuer };
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
      const keySet = await fetchKeySet(jwksUrl, { algorithms, timeoutMs: times.timeoutMs });
      keys = { find: createLocalJWKSet(keySet), fetchedAt };
      metrics.issuerKeysTimestamp.set(labels, fetchedAt / 1000);
      if (lastFailed)
        logger.info({ code: 'issuer_keys_fetched', issuer }, "the issuer's keys are fetched again");
      lastFailed = false;
    } catch (err) {
      const fields = { err, code: 'issuer_keys_unavailable', issuer, jwksUrl };
      if (!lastFailed)
        logger.warn(fields, "the issuer's keys cannot be fetched; the last good ones serve for a day");
      lastFailed = true;
    }
  }

  /** @throws Problem while there are none, or only such as are older than a day */
  async function currentKeys() {
    if (!keys && !lastFailed) await fetchOnce();
    if (keys && Date.now() - keys.fetchedAt < times.staleMs) return keys;
    throw new Problem(
      'authentication_unavailable',
      `The keys of ${issuer} are unavailable. Retry the request.`,
    );
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
