import { heartbeat, log } from '@temporalio/activity';
import type { AuditPlan } from '../src/audit/plan-audit.js';
import { writeAudit } from '../src/audit/write-audit.js';
import type { AuditSummary } from '../src/domain/audit.js';
import type { AuditActivitiesDeps } from './audit.js';

/** Compares the ledger with the staged Actions and writes the result; only counts pass through Temporal. */
export function createCompareWithLedger({ db, campaignEvents }: AuditActivitiesDeps) {
  return async function compareWithLedger(plan: AuditPlan, otherEventTypes: number): Promise<AuditSummary> {
    const deps = { db, campaignEvents, onBatch: () => heartbeat() };
    const summary = await writeAudit(deps, plan, otherEventTypes);
    log.info('audit written', { ...summary });
    return summary;
  };
}
