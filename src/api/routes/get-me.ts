import type { Request } from 'express';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { CLICK_ID_HEADER, CLICK_ID_RULE, isClickId } from '../../domain/attribution.js';
import { isNewest } from '../../users/clicks.js';
import { syncUser } from '../../users/sync-user.js';
import type { User } from '../../users/user.model.js';
import { click, time } from '../answers.js';
import { EXAMPLE } from '../examples.js';
import { Problem } from '../problem.js';
import { type ApiDeps, defineRoute } from '../route.js';

const user = z
  .object({
    userId: z.string(),
    clerkId: z
      .string()
      .describe("The user's id in the token: `sub`, unless AUTH_USER_ID_CLAIM names another."),
    attribution: z.object({
      impact: click
        .optional()
        .describe(
          'The click that the programme credits, the last or the first one; absent if there is none.',
        ),
    }),
    createdAt: time,
    impersonated: z
      .literal(true)
      .optional()
      .describe("The session impersonates the user: the request's click id was ignored."),
  })
  .meta({ id: 'User' });

/** A browser sends the click id until its cookie is cleared, so that a click alone does not make a user new. */
const MAX_KNOWN = 50_000;

export function getMe(deps: ApiDeps) {
  const known = new LRUCache<string, true>({ max: MAX_KNOWN });
  return defineRoute({
    method: 'get',
    writes: true,
    path: '/v1/me',
    operationId: 'user.get',
    summary: 'Get the signed-in user',
    description:
      'The first request creates the user and records the signup. An impersonated session (`act` in its token) ' +
      'reads a user who exists, and changes nothing.',
    access: 'user',
    readsForImpersonators: true,
    header: {
      name: CLICK_ID_HEADER,
      example: EXAMPLE.clickId,
      // The schema has no pattern, because the API accepts a request with any value.
      description:
        "The visitor's click id. It counts on the first request of a new user, and for SIGNUP_ATTRIBUTION_GRACE " +
        `seconds afterwards. The API ignores a value that is not ${CLICK_ID_RULE}.`,
    },
    success: { status: 200, description: 'The user.', schema: user },
    problems: ['user_erased'],
    async handle({ request, principal: { clerkId, impersonated, issuedAt: since } }) {
      if (impersonated) return impersonatedUser(deps, request, clerkId);
      const clickId = readClickId(request, deps);
      const isProbablyNew = clickId !== undefined && !known.has(clerkId);
      const { user, pending } = await syncUser(deps, { clerkId, clickId, since, isProbablyNew });
      known.set(clerkId, true);
      // The website forwards the click, and leaves it to `PUT /v1/me/affiliate-attribution` to store it for a known user.
      if (clickId !== undefined && !isNewest(user, clickId)) countIgnored(deps, 'not_stored');
      for (const conversion of pending) deps.starter.wakeSoon(conversion);
      return shownUser(user);
    },
  });
}

/** The click id is that of the impersonator's browser. */
async function impersonatedUser(deps: ApiDeps, request: Request, clerkId: string) {
  if (request.get(CLICK_ID_HEADER) !== undefined) countIgnored(deps, 'impersonated');
  const user = await deps.db.users.findOne({ clerkId }).lean();
  if (user) return { ...shownUser(user), impersonated: true };
  throw new Problem(
    'impersonated_session',
    'This service does not know the user yet, and an impersonated session creates none. The user has to sign in.',
  );
}

function shownUser({ _id, clerkId, attribution, createdAt }: User) {
  return { userId: _id.toHexString(), clerkId, attribution: { impact: attribution?.impact }, createdAt };
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
