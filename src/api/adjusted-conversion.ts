import type { Request } from 'express';
import { type AdjustmentRequest, requestAdjustment } from '../ledger/request-adjustment.js';
import { adjustment, conversionState, shownAdjustment } from './answers.js';
import type { ApiDeps } from './route.js';

export const adjustedConversion = conversionState
  .extend({ adjustment: adjustment.optional().describe('The newest adjustment.') })
  .meta({ id: 'AdjustedConversion' });

/** Records the adjustment; the workflow carries it out after the answer. */
export async function adjust(deps: ApiDeps, { params }: Request, wanted: AdjustmentRequest) {
  const conversion = await requestAdjustment(deps, String(params.conversionId), wanted);
  deps.starter.wakeSoon(conversion);
  const { _id, status, reason, adjustments } = conversion;
  const newest = adjustments?.at(-1);
  return { conversionId: _id, status, reason, adjustment: newest && shownAdjustment(newest) };
}
