import { z } from 'zod';
import { AMOUNT_REASONS } from '../../domain/adjustment.js';
import { adjust, adjustedConversion } from '../adjusted-conversion.js';
import { exampleSales } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function putAmount(deps: ApiDeps) {
  return defineRoute({
    method: 'put',
    path: '/v1/conversions/{conversionId}/amount',
    operationId: 'conversions.setAmount',
    summary: "Set a conversion's new amount, for example after a partial refund",
    description:
      'If the conversion was not sent yet, it is sent with the new amount; otherwise the amount is changed at Impact.',
    access: 'conversions:adjust',
    // https://integrations.impact.com/impact-brand/reference/update-an-action
    body: z.strictObject({
      totalAmountCents: z
        .int()
        .min(1, 'must be at least 1: reverse the conversion if nothing is left of the order')
        .max(9_999_999_999)
        .describe("The whole new amount in the currency's minor unit, not the difference."),
      reason: z.enum(AMOUNT_REASONS).default('ORDER_UPDATE').describe("Impact's reason code."),
    }),
    examples: {
      conversionId: exampleSales(deps.programme).withNewAmount,
      body: { partialRefund: { totalAmountCents: 2900 } },
    },
    success: {
      status: 202,
      description: 'Recorded; the same amount again changes nothing.',
      schema: adjustedConversion,
    },
    problems: [
      'conversion_not_found',
      'conversion_reversed',
      'concurrent_update',
      'no_amount',
      'amount_too_high',
    ],
    handle: ({ request, principal, body }) =>
      adjust(deps, request, { kind: 'amount', ...body, by: principal.subject }),
  });
}
