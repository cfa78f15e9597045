import { z } from 'zod';
import { retryConversion as retry } from '../../operations/retry-conversion.js';
import { operationResult } from '../answers.js';
import type { ApiDeps, Route } from '../route.js';

const retryBody = z.strictObject({
  restart: z
    .boolean()
    .optional()
    .describe('`true` also reports an abandoned, declined or skipped conversion after all.'),
});

export function retryConversion(deps: ApiDeps): Route<'conversions:operate', z.infer<typeof retryBody>> {
  return {
    method: 'post',
    path: '/v1/conversions/{conversionId}/retry',
    operationId: 'conversions.retry',
    summary: 'Retry a parked conversion, or its parked adjustment',
    description:
      'Idempotent: several retries report a conversion once. `restart` also reports an abandoned, declined or skipped one after all.',
    access: 'conversions:operate',
    body: retryBody,
    bodyIsOptional: true,
    success: { status: 202, description: 'The retry was requested.', schema: operationResult },
    problems: [
      'conversion_not_found',
      'conversion_not_parked',
      'conversion_abandoned',
      'conversion_declined',
      'conversion_reversed',
      'temporal_unavailable',
    ],
    handle: ({ request, principal, body }) =>
      retry(deps, String(request.params.conversionId), { by: principal.subject, ...body }),
  };
}
