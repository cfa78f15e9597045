import { CLICK_ID_HEADER } from '../../domain/attribution.js';
import { syncUser } from '../../users/sync-user.js';
import type { User } from '../../users/user.model.js';
import { readClickId } from '../read-click-id.js';
import type { ApiDeps, Route } from '../route.js';
import { userAnswer } from '../schemas.js';

export function getMe(deps: ApiDeps): Route<'user'> {
  return {
    method: 'get',
    path: '/v1/me',
    operationId: 'user.get',
    summary: 'The signed-in user, created on the first request',
    access: 'user',
    header: {
      name: CLICK_ID_HEADER,
      description:
        'The click id that brought the visitor. Counts on the first request of a new user (and within the grace ' +
        'after it); anything but 1 to 64 printable ASCII characters is ignored.',
    },
    success: { status: 200, description: 'The user.', schema: userAnswer },
    problems: [],
    async handle({ request, principal }) {
      const clickId = readClickId(request, deps.metrics);
      const { user, pending } = await syncUser(deps, { clerkId: principal.clerkId, clickId });
      for (const conversion of pending) deps.starter.wakeSoon(conversion);
      return toAnswer(user);
    },
  };
}

function toAnswer({ _id, clerkId, attribution, createdAt }: User) {
  return { userId: _id.toHexString(), clerkId, attribution: { impact: attribution?.impact }, createdAt };
}
