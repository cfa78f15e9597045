import type { z } from 'zod';
import { retryConversion as retry } from '../../operations/retry-conversion.js';
import type { ApiDeps, Route } from '../route.js';
import { operatedAnswer, retryBody } from '../schemas.js';

export function retryConversion(deps: ApiDeps): Route<'conversions:operate', z.infer<typeof retryBody>> {
  return {
    method: 'post',
    path: '/v1/conversions/{conversionId}/retry',
    operationId: 'conversions.retry',
    summary:
      'Have a parked conversion, or its parked adjustment, tried again; or begin an abandoned one anew',
    access: 'conversions:operate',
    body: retryBody,
    bodyIsOptional: true,
    success: {
      status: 202,
      description: 'Asked for. Asked for twice, it is reported once.',
      schema: operatedAnswer,
    },
    problems: [
      'conversion_not_found',
      'conversion_not_parked',
      'conversion_abandoned',
      'conversion_reversed',
      'concurrent_update',
      'temporal_unavailable',
    ],
    async handle({ request, principal, body }) {
      const { restart } = body;
      return retry(deps, String(request.params.conversionId), { by: principal.subject, restart });
    },
  };
}
