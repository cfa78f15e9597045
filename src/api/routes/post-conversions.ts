import { z } from 'zod';
import { publishConversion } from '../../ledger/publish-conversion.js';
import { publishedConversion } from '../answers.js';
import { publishExamples } from '../examples.js';
import { publishBody } from '../publish-body.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function postConversions(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions',
    operationId: 'conversions.publish',
    summary: 'Publish a conversion',
    description:
      'Idempotent: the same event again returns the same conversion. The workflow starts after the answer.',
    access: 'conversions:publish',
    body: publishBody(deps.programme),
    examples: { body: publishExamples(deps.programme) },
    // A caller expects an effect of a parameter, so an unknown one is refused instead of ignored.
    query: z.strictObject({}),
    success: {
      status: 202,
      description: 'Recorded; `status` is its status now.',
      schema: publishedConversion,
    },
    problems: ['unknown_campaign_event', 'amount_too_high', 'user_not_found', 'conversion_conflict'],
    async handle({ body }) {
      const published = await publishConversion(deps, body);
      const { _id, status, reason } = published;
      if (status === 'pending') deps.starter.wakeSoon(published);
      return { conversionId: _id, status, reason };
    },
  });
}
