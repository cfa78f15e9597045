import { z } from 'zod';
import type { Conversion } from '../../domain/conversion.js';
import { requestAdjustment } from '../../ledger/request-adjustment.js';
import type { ApiDeps, Route } from '../route.js';
import { adjustmentAnswer, amountBody, publishedAnswer } from '../schemas.js';

export const adjustedAnswer = z
  .object({ ...publishedAnswer.shape, adjustment: adjustmentAnswer.optional() })
  .meta({ id: 'AdjustedConversion' });

export function putAmount(deps: ApiDeps): Route<'conversions:publish', z.infer<typeof amountBody>> {
  return {
    method: 'put',
    path: '/v1/conversions/{conversionId}/amount',
    operationId: 'conversions.setAmount',
    summary: 'Another amount, as after a partial refund: it is sent with it, or changed at Impact',
    access: 'conversions:publish',
    body: amountBody,
    success: {
      status: 202,
      description: 'Recorded; the same amount again changes nothing.',
      schema: adjustedAnswer,
    },
    problems: ['conversion_not_found', 'conversion_reversed', 'no_amount'],
    async handle({ request, principal, body }) {
      const wanted = { kind: 'amount', ...body, by: principal.subject } as const;
      const conversion = await requestAdjustment(deps, String(request.params.conversionId), wanted);
      deps.starter.wakeSoon(conversion);
      return changed(conversion);
    },
  };
}

/** Where the conversion stands, and its newest adjustment. */
export function changed({ _id, status, reason, adjustments }: Conversion) {
  return { conversionId: _id, status, reason, adjustment: adjustments?.at(-1) };
}
