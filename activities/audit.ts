import { heartbeat, log } from '@temporalio/activity';
import { type AuditPlan, type Listing, planAudit } from '../src/audit/plan-audit.js';
import { stageActions } from '../src/audit/stage-actions.js';
import { writeAudit } from '../src/audit/write-audit.js';
import type { AuditSummary, AuditWindow } from '../src/domain/audit.js';
import type { ActivityDeps } from './deps.js';
import { askImpact } from './impact-failure.js';

type AuditActivitiesDeps = Pick<ActivityDeps, 'db' | 'programme' | 'impact'>;

export function createAuditActivities({ db, programme, impact }: AuditActivitiesDeps) {
  const deps = { db, programme, onBatch: () => heartbeat() };
  return {
    /** Says which Actions to list at Impact. Without a window, the audit is of the last weeks. */
    planAudit: (window?: AuditWindow): Promise<AuditPlan> => planAudit(deps, window, new Date()),

    /** Lists Impact's Actions and stages them in MongoDB, so that only a count passes through Temporal. */
    listActions: (auditId: string, listing: Listing): Promise<{ otherEventTypes: number }> =>
      askImpact(impact, (client) => stageActions({ ...deps, impact: client }, auditId, listing)),

    /** Compares the ledger with the staged Actions and writes the result; only counts pass through Temporal. */
    async compareWithLedger(plan: AuditPlan, otherEventTypes: number): Promise<AuditSummary> {
      const summary = await writeAudit(deps, plan, otherEventTypes);
      log.info('audit written', { ...summary });
      return summary;
    },
  };
}

export type AuditActivities = ReturnType<typeof createAuditActivities>;
