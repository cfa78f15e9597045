import { activityInfo } from '@temporalio/activity';
import { type Progress, progressOf } from '../src/domain/next-step.js';
import { findConversion } from '../src/ledger/find-conversion.js';
import { markConfirmed } from '../src/ledger/settle-submission.js';
import type { ActivityDeps } from './deps.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';
import { orderOf } from './to-report.js';

export type FoundOrder = { found: true; progress: Progress } | { found: false; lookedUpAt: string };

/** After an ambiguous outcome: looks the order up at Impact. An order that is there confirms the conversion. */
export function createFindOrder(deps: ActivityDeps) {
  return async function findOrder(conversionId: string): Promise<FoundOrder> {
    const conversion = await findConversion(deps.db, conversionId);
    const lookedUpAt = new Date();
    const action = await requireImpact(deps.impact)
      .findAction(orderOf(deps.campaignEvents, conversion, lookedUpAt))
      .catch((error: unknown) => {
        throw toApplicationFailure(error, activityInfo().attempt);
      });
    if (!action) return { found: false, lookedUpAt: lookedUpAt.toISOString() };
    const detail = `Impact has it as action ${action.actionId}.`;
    return { found: true, progress: progressOf(await markConfirmed(deps, conversionId, detail), deps) };
  };
}
