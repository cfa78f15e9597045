import { z } from 'zod';
import { type ConversionToPublish, publishConversion } from '../../ledger/publish-conversion.js';
import { publishedConversion } from '../answers.js';
import { publishBody } from '../publish-body.js';
import type { ApiDeps, Route } from '../route.js';

export function postConversions(deps: ApiDeps): Route<'conversions:publish', ConversionToPublish, object> {
  return {
    method: 'post',
    path: '/v1/conversions',
    operationId: 'conversions.publish',
    summary: 'Publish a conversion',
    description:
      'Idempotent: the same event again returns the same conversion. The workflow starts after the answer.',
    access: 'conversions:publish',
    body: publishBody(deps.campaignEvents),
    // No parameter is known, so that `?dryRun=true` is refused instead of published.
    query: z.strictObject({}),
    success: {
      status: 202,
      description: 'Recorded; `status` is its status now.',
      schema: publishedConversion,
    },
    problems: ['unknown_campaign_event', 'user_not_found', 'conversion_conflict'],
    async handle({ body }) {
      const published = await publishConversion(deps, body);
      const { _id, status, reason } = published;
      if (status === 'pending') deps.starter.wakeSoon(published);
      return { conversionId: _id, status, reason };
    },
  };
}
