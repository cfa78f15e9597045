import type { z } from 'zod';
import { updateAffiliateAttribution } from '../../users/update-affiliate-attribution.js';
import type { ApiDeps, Route } from '../route.js';
import { clickIdBody } from '../schemas.js';

export function putAffiliateAttribution(deps: ApiDeps): Route<'user', z.infer<typeof clickIdBody>> {
  return {
    method: 'put',
    path: '/v1/me/affiliate-attribution',
    operationId: 'user.setAffiliateAttribution',
    summary: 'The signed-in user came through an affiliate link; the last click wins',
    access: 'user',
    body: clickIdBody,
    success: { status: 204, description: 'Stored: the cookie may be cleared.' },
    problems: [],
    async handle({ principal, body }) {
      const { pending } = await updateAffiliateAttribution(deps, {
        clerkId: principal.clerkId,
        clickId: body.clickId,
      });
      for (const conversion of pending) deps.starter.wakeSoon(conversion);
    },
  };
}
