import type { z } from 'zod';
import { requestAdjustment } from '../../ledger/request-adjustment.js';
import type { ApiDeps, Route } from '../route.js';
import { reverseBody } from '../schemas.js';
import { adjustedAnswer, changed } from './put-amount.js';

export function postReverse(deps: ApiDeps): Route<'conversions:publish', z.infer<typeof reverseBody>> {
  return {
    method: 'post',
    path: '/v1/conversions/{conversionId}/reverse',
    operationId: 'conversions.reverse',
    summary:
      'Takes a conversion back: it is never sent, or reversed at Impact, so that nobody is paid for it',
    access: 'conversions:publish',
    body: reverseBody,
    success: {
      status: 202,
      description: '`reversed`: nothing of it is at Impact. Any other status: the reversal is under way.',
      schema: adjustedAnswer,
    },
    problems: ['conversion_not_found', 'conversion_reversed'],
    async handle({ request, principal, body }) {
      const wanted = { kind: 'reversal', reason: body.reason, by: principal.subject } as const;
      const conversion = await requestAdjustment(deps, String(request.params.conversionId), wanted);
      deps.starter.wakeSoon(conversion);
      return changed(conversion);
    },
  };
}
