import type { z } from 'zod';
import { abandonConversion as abandon } from '../../operations/abandon-conversion.js';
import type { ApiDeps, Route } from '../route.js';
import { abandonBody, operatedAnswer } from '../schemas.js';

export function abandonConversion(deps: ApiDeps): Route<'conversions:operate', z.infer<typeof abandonBody>> {
  return {
    method: 'post',
    path: '/v1/conversions/{conversionId}/abandon',
    operationId: 'conversions.abandon',
    summary: 'Give a conversion, or its parked adjustment, up, so that it is never reported',
    access: 'conversions:operate',
    body: abandonBody,
    success: {
      status: 202,
      description: 'Asked for. What Impact takes meanwhile is submitted all the same.',
      schema: operatedAnswer,
    },
    problems: ['conversion_not_found', 'conversion_settled', 'concurrent_update', 'temporal_unavailable'],
    async handle({ request, principal, body: { reason } }) {
      return abandon(deps, String(request.params.conversionId), { by: principal.subject, reason });
    },
  };
}
