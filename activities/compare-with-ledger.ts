import { heartbeat, log } from '@temporalio/activity';
import { compareSides } from '../src/audit/compare-sides.js';
import type { AuditPlan } from '../src/audit/plan-audit.js';
import type { AuditSummary } from '../src/domain/audit.js';
import type { AuditActivitiesDeps } from './audit.js';

/** Compares both sides and writes the result into the ledger's database; what travels are counts, never orders. */
export function createCompareWithLedger({ db, campaignEvents }: AuditActivitiesDeps) {
  return async function compareWithLedger(plan: AuditPlan, otherEventTypes: number): Promise<AuditSummary> {
    const summary = await compareSides(
      { db, campaignEvents, onBatch: () => heartbeat() },
      plan,
      otherEventTypes,
    );
    log.info('audit written', { ...summary });
    return summary;
  };
}
