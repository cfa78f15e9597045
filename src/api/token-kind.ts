import type { JWTPayload } from 'jose';
import type { AuthConfig, TokenIssuer } from '../config.js';
import { Problem } from './problem.js';

/**
 * Whose token it is. MACHINE_ISSUER decides; without it, a token is a machine's if MACHINE_SUBJECTS or MACHINE_SCOPES has
 * its subject, or if it is for MACHINE_AUDIENCE, which then differs from AUTH_AUDIENCE; every other one is a user's.
 *
 * A caller who gets another audience, or writes another claim, gains nothing: a machine is its subject, which the issuer
 * assigns, and a subject that MACHINE_SCOPES does not name has no scope.
 * @throws Problem `token_wrong_issuer`, `token_wrong_audience`
 */
export function kindOf(subject: string, claims: JWTPayload, config: AuthConfig): 'users' | 'machines' {
  const { users, machines } = config;
  const kind = claims.iss === users.issuer ? kindWithin(subject, claims, config) : 'machines';
  const { audience } = config[kind];
  if (audience === undefined || isFor(claims, audience)) return kind;
  throw new Problem(
    'token_wrong_audience',
    `The token is not for "${audience}" (${variableOf(kind, users, machines)}). Get one whose \`aud\` has it.`,
  );
}

/** Of a token that the users' issuer issued. */
function kindWithin(
  subject: string,
  claims: JWTPayload,
  { users, machines }: AuthConfig,
): 'users' | 'machines' {
  const isMachine = machines.subjects.test(subject);
  if (machines.issuer !== users.issuer) {
    if (!isMachine) return 'users';
    throw new Problem(
      'token_wrong_issuer',
      `The token is a machine's, and machines need one of ${machines.issuer} (MACHINE_ISSUER).`,
    );
  }
  if (isMachine || machines.scopes.has(subject)) return 'machines';
  const { audience } = machines;
  if (audience === undefined || audience === users.audience || !isFor(claims, audience)) return 'users';
  if (users.audience === undefined || !isFor(claims, users.audience)) return 'machines';
  throw new Problem(
    'token_wrong_audience',
    `The token is for both "${users.audience}" (AUTH_AUDIENCE) and "${audience}" (MACHINE_AUDIENCE), so it could be a ` +
      "user's or a machine's. Let the issuer put one of them into it.",
  );
}

function isFor({ aud }: JWTPayload, audience: string): boolean {
  return Array.isArray(aud) ? aud.includes(audience) : aud === audience;
}

function variableOf(kind: 'users' | 'machines', users: TokenIssuer, machines: TokenIssuer): string {
  return kind === 'users' || machines.audience === users.audience ? 'AUTH_AUDIENCE' : 'MACHINE_AUDIENCE';
}
