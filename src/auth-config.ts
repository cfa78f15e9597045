import type { z } from 'zod';
import type { authVariables } from './auth-variables.js';
import type { Scope } from './domain/scopes.js';

export interface TokenIssuer {
  /** As in the tokens' `iss`. */
  issuer: string;
  jwksUrl: string;
  /** One of the tokens' `aud`; `undefined`: any, or none. */
  audience: string | undefined;
}

export interface AuthConfig {
  /** With which a token may be signed. */
  algorithms: readonly string[];
  /** From `iat` to `exp`. */
  maxTokenLifetimeSeconds: number;
  users: TokenIssuer & {
    /** The claim that identifies the user. */
    idClaim: string;
    /** Whether a token needs a `sid`. */
    requiresSessionId: boolean;
    /** Accepted `azp` values; `*` accepts any. */
    authorizedParties: readonly string[];
  };
  machines: TokenIssuer & {
    /** The subjects that only machines have. */
    subjects: RegExp;
    /** The scopes of each machine, by its subject. A machine that is not listed has none. */
    scopes: ReadonlyMap<string, readonly Scope[]>;
  };
}

type AuthEnvironment = z.output<z.ZodObject<typeof authVariables>>;

export function authConfig(env: AuthEnvironment): AuthConfig {
  const { AUTH_ISSUER: issuer, AUTH_AUDIENCE: audience } = env;
  const users = { issuer, jwksUrl: env.AUTH_JWKS_URL ?? jwksUrlOf(issuer), audience };
  const { MACHINE_ISSUER: own, MACHINE_JWKS_URL: jwksUrl } = env;
  return {
    algorithms: env.AUTH_ALGORITHMS,
    maxTokenLifetimeSeconds: env.AUTH_MAX_TOKEN_LIFETIME,
    users: {
      ...users,
      idClaim: env.AUTH_USER_ID_CLAIM,
      requiresSessionId: env.AUTH_REQUIRE_SESSION_ID === 'on',
      authorizedParties: env.AUTH_AUTHORIZED_PARTIES,
    },
    machines: {
      ...users,
      ...(own && { issuer: own, jwksUrl: jwksUrl ?? jwksUrlOf(own) }),
      audience: env.MACHINE_AUDIENCE ?? audience,
      subjects: subjectsOf(env),
      scopes: env.MACHINE_SCOPES,
    },
  };
}

function jwksUrlOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/jwks.json`;
}

/** Auth0 writes a user's connection before a `|`, and anything may follow it, such as `auth0|kim@clients`. */
function subjectsOf({ MACHINE_SUBJECTS: form }: AuthEnvironment): RegExp {
  const [before = '', after = ''] = form.split('*').map((part) => part.replace(/[^\w]/g, '\\$&'));
  return new RegExp(`^${before}[^|]+${after}$`);
}

/**
 * Refuses what could not tell a user's token from a machine's (docs/authentication.md), and what would accept tokens
 * that are meant for others.
 */
export function requireTellable(env: AuthEnvironment, context: z.RefinementCtx): void {
  const refuse = (name: keyof AuthEnvironment, message: string) =>
    context.addIssue({ code: 'custom', path: [name], message });
  const { AUTH_ISSUER, AUTH_AUDIENCE, MACHINE_ISSUER, MACHINE_AUDIENCE, MACHINE_JWKS_URL } = env;
  if (MACHINE_ISSUER === AUTH_ISSUER) refuse('MACHINE_ISSUER', 'must not be AUTH_ISSUER: leave it empty');
  if (MACHINE_JWKS_URL && !MACHINE_ISSUER)
    refuse('MACHINE_JWKS_URL', 'needs MACHINE_ISSUER; the keys of AUTH_ISSUER are at AUTH_JWKS_URL');
  if (env.AUTH_REQUIRE_SESSION_ID === 'off' && !AUTH_AUDIENCE)
    refuse(
      'AUTH_AUDIENCE',
      'is missing: with AUTH_REQUIRE_SESSION_ID=off, each token of the issuer would count as a session, also one ' +
        'for another service',
    );
  if (MACHINE_ISSUER || (AUTH_AUDIENCE && MACHINE_AUDIENCE && AUTH_AUDIENCE !== MACHINE_AUDIENCE)) return;
  const subjects = subjectsOf(env);
  const alike = [...env.MACHINE_SCOPES.keys()].filter((subject) => !subjects.test(subject));
  if (alike.length === 0) return;
  refuse(
    'MACHINE_SCOPES',
    `names ${alike.join(', ')}, which could be a user: it does not have the form ${env.MACHINE_SUBJECTS} ` +
      '(MACHINE_SUBJECTS). Set MACHINE_SUBJECTS to the form that only subjects of machines have; or give AUTH_AUDIENCE ' +
      'and MACHINE_AUDIENCE different values; or set MACHINE_ISSUER',
  );
}
