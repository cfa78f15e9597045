import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { CLICK_ID_HEADER, CLICK_ID_RULE, isClickId } from '../domain/attribution.js';
import { isNewest } from '../users/clicks.js';
import { syncUser, type Visit } from '../users/sync-user.js';
import type { User } from '../users/user.model.js';
import type { Principal } from './authenticate.js';
import { EXAMPLE } from './examples.js';
import { Problem } from './problem.js';
import type { ApiDeps } from './route.js';

/** The header of every route for users, in OpenAPI. */
export const CLICK_ID_PARAMETER = {
  name: CLICK_ID_HEADER,
  in: 'header',
  required: false,
  // The schema has no pattern, because the API accepts a request with any value.
  schema: { type: 'string' },
  description:
    "The visitor's click id. It counts on the first request of a new user, and for SIGNUP_ATTRIBUTION_GRACE " +
    `seconds afterwards. The API ignores a value that is not ${CLICK_ID_RULE}.`,
  example: EXAMPLE.clickId,
};

type Session = Extract<Principal, { kind: 'session' }>;

/** A click in the body of a request, which makes a new user as one in the header does. */
export type ClickInBody = Pick<Visit, 'ledToSignup'> & { clickId: string };

export type EnsureUser = (request: Request, session: Session, inBody?: ClickInBody) => Promise<User>;

/** A browser sends the click id until its cookie is cleared, so that a click alone does not make a user new. */
const MAX_KNOWN = 50_000;

/**
 * The user of every route for users: the first request of a session creates the user, with the click in its header, or else the
 * one in its body. An impersonated session creates and attributes nothing.
 */
export function createEnsureUser(deps: ApiDeps): EnsureUser {
  const known = new LRUCache<string, true>({ max: MAX_KNOWN });
  return async (request, { clerkId, impersonated, issuedAt: since }, inBody) => {
    if (impersonated) return impersonatedUser(deps, request, clerkId);
    const clickId = readClickId(request, deps);
    const isProbablyNew = clickId !== undefined && !known.has(clerkId);
    const click = clickId === undefined ? inBody : { clickId };
    const { user, pending } = await syncUser(deps, { clerkId, since, isProbablyNew, ...click });
    known.set(clerkId, true);
    // The website forwards the click, and leaves it to `PUT /v1/me/affiliate-attribution` to store it for a known user.
    if (clickId !== undefined && clickId !== inBody?.clickId && !isNewest(user, clickId))
      countIgnored(deps, 'not_stored');
    for (const conversion of pending) deps.starter.wakeSoon(conversion);
    return user;
  };
}

/** The click id is that of the impersonator's browser. */
async function impersonatedUser(deps: ApiDeps, request: Request, clerkId: string): Promise<User> {
  if (request.get(CLICK_ID_HEADER) !== undefined) countIgnored(deps, 'impersonated');
  const user = await deps.db.users.findOne({ clerkId }).lean();
  if (user) return user;
  throw new Problem(
    'impersonated_session',
    'This service does not know the user yet, and an impersonated session creates none. The user has to sign in.',
  );
}

/** An invalid click id is only counted: a bad cookie must never break a page. */
function readClickId(request: Request, deps: ApiDeps): string | undefined {
  const values = request.headersDistinct[CLICK_ID_HEADER.toLowerCase()] ?? [];
  const [value] = values;
  if (value === undefined || (values.length === 1 && isClickId(value))) return value;
  // A proxy may join two headers by a comma, which no click id contains.
  const isRepeated = values.length > 1 || value.includes(',');
  const reason = isRepeated ? 'repeated' : value === '' ? 'empty' : 'malformed';
  countIgnored(deps, reason);
  return undefined;
}

type Ignored = 'empty' | 'malformed' | 'repeated' | 'impersonated' | 'not_stored';

function countIgnored({ metrics }: ApiDeps, reason: Ignored): void {
  metrics.clickIdsIgnored.inc({ reason });
}
