import { z } from 'zod';
import { publishConversion } from '../../ledger/publish-conversion.js';
import { conversionState, shownState } from '../answers.js';
import { publishExamples } from '../examples.js';
import { publishBody } from '../publish-body.js';
import { type ApiDeps, defineRoute } from '../route.js';

const publishedConversion = conversionState
  .extend({
    duplicate: z
      .literal(true)
      .optional()
      .describe('An earlier request has recorded it, so this one recorded nothing.'),
  })
  .meta({ id: 'PublishedConversion' });

export function postConversions(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions',
    operationId: 'conversions.publish',
    summary: 'Publish a conversion',
    description:
      'Idempotent: the same event again returns the same conversion. The workflow starts after the answer. A conversion of a ' +
      'user whom this service does not know yet is held: `skipped`, `user_not_found`, and reported once the user appears. ' +
      'A lead takes `customerEmail` from a later request as well, until it is sent.',
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
    problems: ['unknown_campaign_event', 'amount_too_high', 'conversion_conflict'],
    async handle({ body }) {
      const { conversion, recorded } = await publishConversion(deps, body);
      if (conversion.status === 'pending') deps.starter.wakeSoon(conversion);
      return { ...shownState(conversion), ...(recorded ? {} : { duplicate: true }) };
    },
  });
}
