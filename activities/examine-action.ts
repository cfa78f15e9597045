import { activityInfo } from '@temporalio/activity';
import type { Adjustment } from '../src/domain/adjustment.js';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { Conversion } from '../src/domain/conversion.js';
import type { ListedAction } from '../src/impact/list-actions.js';
import { findAdjustment } from '../src/ledger/find-conversion.js';
import type { ActivityDeps } from './deps.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import { detailsWithAmount, orderOf } from './to-report.js';

/** `done`: the Action already is as wanted. `locked`: it is approved, and can no longer be changed. */
export type Examination =
  | { state: 'done'; detail: string }
  | { state: 'locked'; detail: string }
  | { state: 'open' };

/**
 * Why Impact may have refused an adjustment, which its answer does not say: Impact does not document how it refuses to
 * change an Action that is locked or reversed already. So the worker looks at the Action itself.
 */
export function createExamineAction({ db, campaignEvents, impact }: ActivityDeps) {
  return async function examineAction(conversionId: string, adjustmentId: string): Promise<Examination> {
    const { conversion, adjustment } = await findAdjustment(db, conversionId, adjustmentId);
    const order = orderOf(campaignEvents, conversion, new Date());
    const action = await requireImpact(impact)
      .findAction(order)
      .catch((error: unknown) => {
        throw toApplicationFailure(error, activityInfo().attempt);
      });
    return action ? examine(campaignEvents, conversion, adjustment, action) : { state: 'open' };
  };
}

function examine(
  campaignEvents: CampaignEvents,
  conversion: Conversion,
  adjustment: Adjustment,
  action: ListedAction,
): Examination {
  const { actionId, state } = action;
  if (adjustment.kind === 'reversal' && state === 'REVERSED')
    return { state: 'done', detail: `Impact has action ${actionId} as reversed already.` };
  if (adjustment.kind === 'amount' && hasAmount(campaignEvents, conversion, adjustment, action))
    return { state: 'done', detail: `Action ${actionId} has this amount already.` };
  if (state !== 'APPROVED') return { state: 'open' };
  const detail = `Impact has approved action ${actionId}: after its locking date it can no longer be changed, and the partner is paid.`;
  return { state: 'locked', detail };
}

function hasAmount(
  campaignEvents: CampaignEvents,
  conversion: Conversion,
  adjustment: Adjustment,
  action: ListedAction,
): boolean {
  const wanted = detailsWithAmount(campaignEvents, conversion, adjustment);
  return wanted.currencyCode === action.currency && Number(wanted.amount) === action.amount;
}
