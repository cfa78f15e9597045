import type { Scope } from '../domain/scopes.js';
import type { Principal } from './authenticate.js';
import { Problem } from './problem.js';

/** Callers of a route: either signed-in users, or backends that have the scope, or who has signed the body (Route.verify). */
export type Access = 'user' | 'signature' | Scope;

interface Operation {
  access: Access;
  method: string;
  writes?: boolean;
  readsForImpersonators?: boolean;
}

/** Affiliate managers, signed in to the console, see what a backend may read, and change nothing. */
export function isForManagers({ access, method, writes }: Operation): boolean {
  return access === 'conversions:read' && method === 'get' && !writes;
}

/**
 * @param route `readsForImpersonators`: the route serves impersonated sessions, and neither creates nor attributes
 *   anything for them
 * @throws Problem `session_token_required`, `impersonated_session`, `session_only_reads`, `machine_token_required`,
 *   `insufficient_scope`
 */
export function authorize(principal: Principal, route: Operation): void {
  const { access, readsForImpersonators } = route;
  if (access === 'signature') return;
  if (access === 'user') {
    if (principal.kind !== 'session') {
      throw new Problem(
        'session_token_required',
        "This route needs a user's session token, not a machine token and not a session of the console.",
      );
    }
    if (!principal.impersonated || readsForImpersonators) return;
    throw new Problem(
      'impersonated_session',
      "The session impersonates the user, so nothing was stored or attributed. Use the user's own session.",
    );
  }
  if (principal.kind === 'manager') {
    if (isForManagers(route)) return;
    throw new Problem(
      'session_only_reads',
      'A session of the console only reads. This route needs a machine token.',
    );
  }
  if (principal.kind !== 'machine') {
    throw new Problem('machine_token_required', 'This route needs a machine token, not a session token.');
  }
  if (!principal.scopes.includes(access)) {
    throw new Problem(
      'insufficient_scope',
      `The machine ${principal.subject} lacks the scope "${access}" here. The API's operator grants scopes in ` +
        "MACHINE_SCOPES; the token's claim `scope` can only narrow them.",
    );
  }
}
