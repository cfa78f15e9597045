import { proxyActivities, proxyLocalActivities, setCurrentDetails } from '@temporalio/workflow';
import type { AuditActivities } from '../activities/audit.js';
import { type AuditSummary, type AuditWindow, countFindings } from '../src/domain/audit.js';
import { TASK_QUEUES } from '../src/domain/workflow-names.js';

const { planAudit } = proxyLocalActivities<AuditActivities>({
  // It looks for the conversion that was sent last, among all of the window.
  startToCloseTimeout: '1m',
  localRetryThreshold: '10s',
  retry: { initialInterval: '500ms', maximumInterval: '1m' },
});

const { listActions, compareWithLedger } = proxyActivities<AuditActivities>({
  // Its limit is Impact's, and reporting does not wait behind an audit.
  taskQueue: TASK_QUEUES.impactReads,
  // 100,000 orders take a minute or two; a worker that died is found by its silence, as a page takes 20 s at most.
  startToCloseTimeout: '30m',
  heartbeatTimeout: '2m',
  // An hour and a half of an outage. The next audit has the same days in it, so there is no need for more.
  retry: { initialInterval: '10s', maximumInterval: '15m', maximumAttempts: 12 },
});

/**
 * Whether the ledger and Impact's Actions agree: both sides are put into one collection, compared order by order, and
 * the result is written to `audits`. Only counts pass through Temporal.
 */
export async function AuditWorkflow(window?: AuditWindow): Promise<AuditSummary> {
  const plan = await planAudit(window);
  let otherEventTypes = 0;
  for (const listing of plan.listings) {
    const listed = await listActions(plan.auditId, listing);
    otherEventTypes += listed.otherEventTypes;
  }
  const summary = await compareWithLedger(plan, otherEventTypes);
  setCurrentDetails(
    `**${countFindings(summary)} differences**, ${summary.counts.confirmed} confirmed on both sides: \`audits\` in MongoDB has them as \`${plan.auditId}\`.`,
  );
  return summary;
}
