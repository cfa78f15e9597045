import { type AuditPlan, planAudit as plan } from '../src/audit/plan-audit.js';
import type { AuditWindow } from '../src/domain/audit.js';
import type { AuditActivitiesDeps } from './audit.js';

/** Says which Actions to list at Impact. Without a window, the audit is of the last weeks. */
export function createPlanAudit(deps: AuditActivitiesDeps) {
  return async function planAudit(window?: AuditWindow): Promise<AuditPlan> {
    return plan(deps, window, new Date());
  };
}
