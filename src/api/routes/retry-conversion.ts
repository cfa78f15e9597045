import { z } from 'zod';
import { retryConversion as retry } from '../../operations/retry-conversion.js';
import { operationResult } from '../answers.js';
import { exampleSales } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function retryConversion(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions/{conversionId}/retry',
    operationId: 'conversions.retry',
    summary: 'Retry a parked conversion, or its parked adjustment',
    description:
      'Idempotent: several retries report a conversion once. It also reports one that was skipped as `provider_not_configured`; ' +
      '`restart` also reports an abandoned, declined or otherwise skipped one after all.',
    access: 'conversions:operate',
    body: z.strictObject({
      restart: z
        .boolean()
        .optional()
        .describe('`true` also reports an abandoned, declined or skipped conversion after all.'),
    }),
    bodyIsOptional: true,
    examples: { pathId: exampleSales(deps.programme).parkedToRetry, body: { retry: {} } },
    success: { status: 202, description: 'The retry was requested.', schema: operationResult },
    problems: [
      'conversion_not_found',
      'conversion_not_parked',
      'conversion_abandoned',
      'conversion_declined',
      'conversion_reversed',
      'user_erased',
      'start_refused',
      'temporal_unavailable',
    ],
    handle: ({ request, principal, body }) =>
      retry(deps, String(request.params.conversionId), { by: principal.subject, ...body }),
  });
}
