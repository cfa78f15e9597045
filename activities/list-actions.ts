import { activityInfo, heartbeat } from '@temporalio/activity';
import type { Listing } from '../src/audit/plan-audit.js';
import { stageActions } from '../src/audit/stage-actions.js';
import type { AuditActivitiesDeps } from './audit.js';
import { requireImpact, toApplicationFailure } from './impact-failure.js';

/** Lists Impact's Actions and stages them in MongoDB, so that only a count passes through Temporal. */
export function createListActions({ db, campaignEvents, impact }: AuditActivitiesDeps) {
  return async function listActions(auditId: string, listing: Listing): Promise<{ otherEventTypes: number }> {
    const deps = { db, campaignEvents, impact: requireImpact(impact), onBatch: () => heartbeat() };
    try {
      return await stageActions(deps, auditId, listing);
    } catch (error) {
      throw toApplicationFailure(error, activityInfo().attempt);
    }
  };
}
