import { activityInfo } from '@temporalio/activity';
import type { Adjustment } from '../src/domain/adjustment.js';
import type { Conversion } from '../src/domain/conversion.js';
import type { ListedAction } from '../src/impact/list-actions.js';
import { detailsWithAmount } from './details-with-amount.js';
import { findAdjustment } from './find-adjustment.js';
import { orderOf } from './find-order.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import type { ReportConversionDeps } from './report-conversion.js';

/** `done`: the Action is already as it is to be. `locked`: it is approved, and can no longer be changed. */
export type Examination =
  | { state: 'done'; detail: string }
  | { state: 'locked'; detail: string }
  | { state: 'open' };

/**
 * Why Impact may have turned an adjustment down, which its answer does not say: how it refuses to change what is locked,
 * or reversed already, is documented nowhere. So the Action itself is looked at.
 */
export function createExamineAction(deps: ReportConversionDeps) {
  return async function examineAction(conversionId: string, adjustmentId: string): Promise<Examination> {
    const { conversion, adjustment } = await findAdjustment(deps.db, conversionId, adjustmentId);
    try {
      const order = orderOf(deps.campaignEvents, conversion, new Date());
      const action = await requireImpact(deps.impact).findAction(order);
      return action ? examine(deps, conversion, adjustment, action) : { state: 'open' };
    } catch (error) {
      throw toApplicationFailure(error, activityInfo().attempt);
    }
  };
}

function examine(
  deps: ReportConversionDeps,
  conversion: Conversion,
  adjustment: Adjustment,
  action: ListedAction,
): Examination {
  const { actionId, state } = action;
  if (adjustment.kind === 'reversal' && state === 'REVERSED')
    return { state: 'done', detail: `Impact has action ${actionId} as reversed already.` };
  if (adjustment.kind === 'amount' && hasWantedAmount(deps, conversion, adjustment, action))
    return { state: 'done', detail: `Action ${actionId} has this amount already.` };
  if (state !== 'APPROVED') return { state: 'open' };
  const detail = `Impact has approved action ${actionId}: after its locking date it can no longer be changed, and the partner is paid.`;
  return { state: 'locked', detail };
}

function hasWantedAmount(
  { campaignEvents }: ReportConversionDeps,
  conversion: Conversion,
  adjustment: Adjustment,
  action: ListedAction,
): boolean {
  const wanted = detailsWithAmount(campaignEvents, conversion, adjustment);
  return wanted.currencyCode === action.currency && Number(wanted.amount) === action.amount;
}
