import { z } from 'zod';
import { abandonConversion as abandon } from '../../operations/abandon-conversion.js';
import { operationResult, whyAbandoned } from '../answers.js';
import { exampleSales } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function abandonConversion(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions/{conversionId}/abandon',
    operationId: 'conversions.abandon',
    summary: 'Abandon a conversion, or its parked adjustment',
    description:
      'An abandoned conversion is not reported. The abandon waits for a running request to Impact: if Impact ' +
      'acknowledges it, the conversion becomes submitted.',
    access: 'conversions:operate',
    body: z.strictObject({ reason: whyAbandoned }),
    examples: {
      pathId: exampleSales(deps.programme).parkedToAbandon,
      body: { testOrder: { reason: 'A test order.' } },
    },
    success: { status: 202, description: 'The abandon was requested.', schema: operationResult },
    problems: ['conversion_not_found', 'conversion_settled', 'temporal_unavailable'],
    handle: ({ request, principal, body }) =>
      abandon(deps, String(request.params.conversionId), { by: principal.subject, ...body }),
  });
}
