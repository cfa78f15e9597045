import type { z } from 'zod';
import { publishConversion } from '../../ledger/publish-conversion.js';
import { dryRunConversion } from '../../operations/dry-run.js';
import { Alternative, type ApiDeps, type Route } from '../route.js';
import { dryRunAnswer, publishBody, publishedAnswer, publishQuery } from '../schemas.js';

type Body = z.infer<ReturnType<typeof publishBody>>;
type Query = z.infer<typeof publishQuery>;

export function postConversions(deps: ApiDeps): Route<'conversions:publish', Body, Query> {
  return {
    method: 'post',
    path: '/v1/conversions',
    operationId: 'conversions.publish',
    summary: 'A conversion from a backend; the same event again answers with the same conversion',
    access: 'conversions:publish',
    body: publishBody(deps.campaignEvents),
    query: publishQuery,
    success: {
      status: 202,
      description: 'Recorded. `status` is where it stands now.',
      schema: publishedAnswer,
    },
    alternative: {
      status: 200,
      description: '`?dryRun=true`: what would happen. Nothing was written.',
      schema: dryRunAnswer,
    },
    problems: ['unknown_campaign_event', 'user_not_found', 'conversion_conflict'],
    refuse(body) {
      const { campaignEventId } = (body ?? {}) as { campaignEventId?: unknown };
      if (typeof campaignEventId === 'string') deps.campaignEvents.get(campaignEventId);
    },
    async handle({ body, query }) {
      const { campaignEventId, userId, clerkId, occurredAt, ...payload } = body;
      const conversion = {
        campaignEventId,
        user: userId === undefined ? { clerkId: clerkId ?? '' } : { userId },
        occurredAt: occurredAt === undefined ? undefined : new Date(occurredAt),
        payload,
      };
      if (query.dryRun === 'true') return new Alternative(await dryRunConversion(deps, conversion));
      const published = await publishConversion(deps, conversion);
      const { _id, status, reason } = published;
      if (status === 'pending') deps.starter.wakeSoon(published);
      return { conversionId: _id, status, reason };
    },
  };
}
