import { findAdjustment } from '../src/ledger/find-conversion.js';
import type { ActivityDeps } from './deps.js';
import { findActionOf } from './find-order.js';
import { adjustedAmount } from './to-report.js';

/**
 * `done`: the Action already is as wanted. `locked`: it is approved, and can no longer be changed. `absent`: Impact has
 * accepted the conversion, and lists no Action for it.
 */
export type Examination =
  | { state: 'done'; detail: string }
  | { state: 'absent'; detail: string }
  | { state: 'locked'; detail: string }
  | { state: 'open' };

/**
 * Why Impact may have refused an adjustment, which its answer does not say: Impact does not document how it refuses to
 * change an Action that is locked or reversed already. So the worker looks at the Action itself.
 */
export async function examineAction(
  deps: ActivityDeps,
  conversionId: string,
  adjustmentId: string,
): Promise<Examination> {
  const { conversion, adjustment } = await findAdjustment(deps.db, conversionId, adjustmentId);
  const action = await findActionOf(deps, conversion, new Date());
  if (!action && conversion.status !== 'confirmed') return { state: 'open' };
  if (!action)
    return { state: 'absent', detail: 'Impact credits the order to no partner: there is nothing to change.' };
  const { actionId, state, currency, amount } = action;
  if (adjustment.kind === 'reversal' && state === 'REVERSED')
    return { state: 'done', detail: `Impact has action ${actionId} as reversed already.` };
  if (adjustment.kind === 'amount') {
    const wanted = adjustedAmount(deps.programme, conversion, adjustment);
    if (wanted?.currencyCode === currency && Number(wanted?.amount) === amount)
      return { state: 'done', detail: `Action ${actionId} has this amount already.` };
  }
  if (state !== 'APPROVED') return { state: 'open' };
  const detail = `Impact has approved action ${actionId}: after its locking date it can no longer be changed, and the partner is paid.`;
  return { state: 'locked', detail };
}
