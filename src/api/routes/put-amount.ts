import { z } from 'zod';
import { requestChange } from '../../ledger/request-adjustment.js';
import type { Conversion } from '../../domain/conversion.js';
import type { ApiDeps, Route } from '../route.js';
import { amountBody, changeAnswer, publishedAnswer } from '../schemas.js';

export const changedAnswer = z
  .object({ ...publishedAnswer.shape, change: changeAnswer.optional() })
  .meta({ id: 'ChangedConversion' });

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
      schema: changedAnswer,
    },
    problems: ['conversion_not_found', 'conversion_reversed', 'no_amount'],
    async handle({ request, principal, body }) {
      const wanted = { kind: 'amount', ...body, by: principal.subject } as const;
      const conversion = await requestChange(deps, String(request.params.conversionId), wanted);
      deps.starter.changeSoon(conversion._id);
      return changed(conversion);
    },
  };
}

/** Where the conversion stands, and its newest change. */
export function changed({ _id, status, reason, changes }: Conversion) {
  return { conversionId: _id, status, reason, change: changes?.at(-1) };
}
