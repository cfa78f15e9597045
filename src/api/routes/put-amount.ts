import { z } from 'zod';
import { AMOUNT_REASONS } from '../../domain/adjustment.js';
import { MAX_MINOR_UNITS } from '../../domain/money.js';
import { changedItemsSchema } from '../../domain/programme/items.js';
import { adjust, adjustedConversion } from '../adjusted-conversion.js';
import { pastTime } from '../answers.js';
import { exampleSales } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function putAmount(deps: ApiDeps) {
  return defineRoute({
    method: 'put',
    path: '/v1/conversions/{conversionId}/amount',
    operationId: 'conversions.setAmount',
    summary: "Set a conversion's new amount, for example after a partial refund",
    description:
      'If the conversion was not sent yet, it is sent with the new amount; otherwise the amount is changed at Impact. ' +
      'An amount of a sale that was not published yet is kept until then.',
    access: 'conversions:adjust',
    // https://integrations.impact.com/impact-brand/reference/update-an-action
    body: z.strictObject({
      totalAmountCents: z
        .int()
        .min(1, 'must be at least 1: reverse the conversion if nothing is left of the order')
        .max(MAX_MINOR_UNITS)
        .describe("The whole new amount in the currency's minor unit, not the difference."),
      reason: z
        .enum(AMOUNT_REASONS)
        .default('ORDER_UPDATE')
        .describe("Impact's reason code. A change of items is always sent as ORDER_UPDATE."),
      effectiveAt: pastTime
        .optional()
        .describe(
          'Since when the amount holds, ISO 8601 with an offset; by default the time of the request. An amount that ' +
            'arrives after a newer one is recorded as abandoned.',
        ),
      items: changedItemsSchema
        .optional()
        .describe(
          'What is left of the items that this names; the others stay as they are. `totalAmountCents` must not be above ' +
            'what is left of all items.',
        ),
    }),
    examples: {
      pathId: exampleSales(deps.programme).withNewAmount,
      body: { partialRefund: { totalAmountCents: 2900 } },
    },
    success: {
      status: 202,
      description: 'Recorded; the same request again changes nothing.',
      schema: adjustedConversion,
    },
    problems: [
      'conversion_not_found',
      'conversion_reversed',
      'concurrent_update',
      'no_amount',
      'amount_too_high',
    ],
    handle({ request, principal, body }) {
      const effectiveAt = body.effectiveAt === undefined ? undefined : new Date(body.effectiveAt);
      return adjust(deps, request, { kind: 'amount', ...body, effectiveAt, by: principal.subject });
    },
  });
}
