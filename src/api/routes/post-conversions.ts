import type { z } from 'zod';
import { publishConversion } from '../../conversions/publish.js';
import type { ApiDeps, Route } from '../route.js';
import { publishBody, publishedAnswer } from '../schemas.js';

type Body = z.infer<ReturnType<typeof publishBody>>;

export function postConversions(deps: ApiDeps): Route<'conversions:publish', Body> {
  return {
    method: 'post',
    path: '/v1/conversions',
    operationId: 'conversions.publish',
    summary: 'A conversion from a backend; the same event again answers with the same conversion',
    access: 'conversions:publish',
    body: publishBody(deps.campaignEvents),
    success: {
      status: 202,
      description: 'Recorded. `status` is where it stands now.',
      schema: publishedAnswer,
    },
    problems: ['unknown_campaign_event', 'user_not_found', 'conversion_conflict'],
    refuse(body) {
      const { campaignEventId } = (body ?? {}) as { campaignEventId?: unknown };
      if (typeof campaignEventId === 'string') deps.campaignEvents.get(campaignEventId);
    },
    async handle({ body }) {
      const { campaignEventId, userId, clerkId, occurredAt, ...payload } = body;
      const { _id, status, reason } = await publishConversion(deps, {
        campaignEventId,
        user: userId === undefined ? { clerkId: clerkId ?? '' } : { userId },
        occurredAt: occurredAt === undefined ? undefined : new Date(occurredAt),
        payload,
      });
      deps.starter.startSoon(status === 'pending' ? [_id] : []);
      return { conversionId: _id, status, reason };
    },
  };
}
