import { z } from 'zod';
import { REVERSAL_REASONS } from '../../domain/adjustment.js';
import { adjust, adjustedConversion } from '../adjusted-conversion.js';
import { exampleSales } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function postReverse(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions/{conversionId}/reverse',
    operationId: 'conversions.reverse',
    summary: 'Reverse a conversion, for example after a full refund',
    description:
      'A conversion that was not sent yet is never sent; otherwise the action is reversed at Impact, and the ' +
      'partner is not paid. The same reason again changes nothing. A refund of a conversion that was not published yet is ' +
      'kept until then.',
    access: 'conversions:adjust',
    // https://integrations.impact.com/impact-brand/reference/reverse-an-action
    body: z.strictObject({
      reason: z.enum(REVERSAL_REASONS).describe("Impact's disposition code: ITEM_RETURNED for a refund."),
    }),
    examples: {
      pathId: exampleSales(deps.programme).toReverse,
      body: { fullRefund: { reason: 'ITEM_RETURNED' } },
    },
    success: {
      status: 202,
      description: '`reversed`: the reversal is complete. Any other status: it is in progress.',
      schema: adjustedConversion,
    },
    problems: ['conversion_not_found', 'conversion_reversed', 'concurrent_update'],
    handle: ({ request, principal, body }) =>
      adjust(deps, request, { kind: 'reversal', ...body, by: principal.subject }),
  });
}
