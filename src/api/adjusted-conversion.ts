import type { Request } from 'express';
import { z } from 'zod';
import { amountWarnings } from '../domain/check-amount.js';
import { type AdjustmentRequest, requestAdjustment } from '../ledger/request-adjustment.js';
import { adjustment, conversionState, shownAdjustment } from './answers.js';
import type { ApiDeps } from './route.js';

const warning = z.object({
  code: z.enum(['amount_above_first']).describe('Stable: branch on this.'),
  detail: z.string(),
});

export const adjustedConversion = conversionState
  .extend({
    adjustment: adjustment
      .optional()
      .describe('The requested one; absent if the sale has this amount from the beginning.'),
    warnings: z
      .array(warning)
      .optional()
      .describe(
        'What to check, although it was taken: the amount, or an item, became higher than it was sold for.',
      ),
  })
  .meta({ id: 'AdjustedConversion' });

/** Records the adjustment; the workflow carries it out after the answer. */
export async function adjust(deps: ApiDeps, { params }: Request, wanted: AdjustmentRequest) {
  const { conversion, adjustment } = await requestAdjustment(deps, String(params.conversionId), wanted);
  deps.starter.wakeSoon(conversion);
  const { _id, status, reason } = conversion;
  const warnings = adjustment ? amountWarnings(conversion, adjustment) : [];
  return {
    conversionId: _id,
    status,
    reason,
    adjustment: adjustment && shownAdjustment(adjustment),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
