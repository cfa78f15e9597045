import {
  AuthorizationResponseError,
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  clockTolerance,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
} from 'openid-client';
import type { ConsoleConfig } from '../../config.js';
import type { Logger } from '../../logger.js';
import { Problem } from '../problem.js';
import { CLOCK_TOLERANCE_SECONDS } from '../token-claims.js';

/** What one sign-in sends to the provider, and must find in its answer. */
export interface SignInChecks {
  state: string;
  nonce: string;
  /** Of PKCE. https://www.rfc-editor.org/rfc/rfc7636 */
  verifier: string;
}

export type Claims = Record<string, unknown> & { sub: string };
export type Provider = ReturnType<typeof createProvider>;

export const PROVIDER_TIMES = {
  /** For this long a provider's description of itself holds. */
  refreshMs: 60 * 60_000,
  /** Between a failed fetch of it and the next: all requests share them. */
  retryMs: 5_000,
  /** Of one request. A person waits for it. */
  timeoutMs: 10_000,
};

/** Google knows no `login`. https://developers.google.com/identity/openid-connect/openid-connect */
const ANOTHER_PERSON: Record<string, string> = { 'https://accounts.google.com': 'select_account' };

/** The OpenID Connect provider, first asked at the first sign-in: the API starts without it. */
export function createProvider(config: ConsoleConfig, logger: Logger, times = PROVIDER_TIMES) {
  const redirectUri = `${config.publicUrl}/console/callback`;
  const discover = shareDiscovery(config, logger, times);
  return {
    /** Where the browser goes to sign in. @param isAnother not as the person whom the provider remembers */
    async addressOf({ state, nonce, verifier }: SignInChecks, isAnother: boolean): Promise<URL> {
      return buildAuthorizationUrl(await discover(), {
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(isAnother && { prompt: ANOTHER_PERSON[config.issuer] ?? 'login' }),
      });
    },
    /**
     * Who has signed in.
     * @param query with which the browser came back
     * @throws Problem `sign_in_failed` or `authentication_unavailable`
     */
    async claimsOf(query: string, { state, nonce, verifier }: SignInChecks): Promise<Claims> {
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier };
      const configuration = await discover();
      try {
        const tokens = await authorizationCodeGrant(configuration, new URL(`${redirectUri}?${query}`), {
          ...checks,
          idTokenExpected: true,
        });
        // Providers may show there what the ID token leaves out.
        const { sub, ...claims } = tokens.claims() as Claims;
        const more = configuration.serverMetadata().userinfo_endpoint
          ? await fetchUserInfo(configuration, tokens.access_token, sub)
          : {};
        return { ...more, ...claims, sub };
      } catch (error) {
        throw explain(error, logger);
      }
    },
  };
}

/** One fetch at a time, and none for a while after a failure, whatever callers send. */
function shareDiscovery(
  { issuer, clientId, clientSecret }: ConsoleConfig,
  logger: Logger,
  times: typeof PROVIDER_TIMES,
) {
  let known: { configuration: Configuration; until: number } | undefined;
  let underWay: Promise<Configuration> | undefined;
  let retryAt = 0;

  async function fetchOnce(): Promise<Configuration> {
    const metadata = { client_secret: clientSecret, [clockTolerance]: CLOCK_TOLERANCE_SECONDS };
    // Variables of the environment must name https, or a host to which plain HTTP is allowed.
    const execute = [
      enableNonRepudiationChecks,
      ...(issuer.startsWith('http:') ? [allowInsecureRequests] : []),
    ];
    try {
      const options = { execute, timeout: times.timeoutMs / 1000 };
      const configuration = await discovery(new URL(issuer), clientId, metadata, undefined, options);
      known = { configuration, until: Date.now() + times.refreshMs };
      return configuration;
    } catch (err) {
      logger.warn(
        { err, code: 'console_provider_unavailable', issuer },
        "the console's provider does not answer",
      );
      retryAt = Date.now() + times.retryMs;
      throw unavailable(err);
    } finally {
      underWay = undefined;
    }
  }

  return (): Promise<Configuration> => {
    if (known && Date.now() < known.until) return Promise.resolve(known.configuration);
    if (!underWay && Date.now() < retryAt) return Promise.reject(unavailable());
    underWay ??= fetchOnce();
    return underWay;
  };
}

function unavailable(cause?: unknown): Problem {
  const detail = 'The service that signs you in does not answer. Try again in some seconds.';
  return new Problem('authentication_unavailable', detail, { cause });
}

function explain(error: unknown, logger: Logger): Problem {
  if (error instanceof AuthorizationResponseError) {
    const words = [error.error, error.error_description].filter(Boolean).join(': ');
    return new Problem('sign_in_failed', `The service that signs you in answered: ${words}.`, {
      cause: error,
    });
  }
  // The provider may refuse this service, which an operator must see: the person only reads that it failed.
  logger.warn({ err: error, code: 'console_sign_in_failed' }, 'a sign-in to the console failed');
  if (isAway(error)) return unavailable(error);
  const detail = 'It did not succeed. Try again; the log of the API says why (console_sign_in_failed).';
  return new Problem('sign_in_failed', detail, { cause: error });
}

function isAway(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: string; cause?: unknown };
  // `fetch` fails with a TypeError.
  return (
    error instanceof TypeError ||
    code === 'OAUTH_TIMEOUT' ||
    (cause instanceof Response && cause.status >= 500)
  );
}
