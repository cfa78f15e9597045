import { proxyActivities, proxyLocalActivities, setCurrentDetails } from '@temporalio/workflow';
import type { AuditActivities } from '../activities/audit.js';
import type { AuditSummary, AuditWindow } from '../src/domain/audit.js';
import { TASK_QUEUES } from '../src/domain/workflow-names.js';
import { LEDGER } from './options.js';

const { planAudit } = proxyLocalActivities<AuditActivities>({
  ...LEDGER,
  // It reads the whole window for the conversion that was sent last.
  startToCloseTimeout: '1m',
});

const { listActions, compareWithLedger } = proxyActivities<AuditActivities>({
  // This queue's rate limit is Impact's for reads, and reporting does not wait behind an audit.
  taskQueue: TASK_QUEUES.impactReads,
  // 100,000 orders take a minute or two. A page takes 20 s at most, so two minutes without a heartbeat are a dead worker.
  startToCloseTimeout: '30m',
  heartbeatTimeout: '2m',
  // Enough for an outage of an hour and a half. The next audit includes the same days, so more is not needed.
  retry: { initialInterval: '10s', maximumInterval: '15m', maximumAttempts: 12 },
});

/**
 * Compares the ledger with Impact's Actions: stages the Actions in MongoDB, compares order by order, keeps its findings
 * in `findings`, and writes the result to `audits`. Only counts pass through Temporal.
 */
export async function AuditWorkflow(window?: AuditWindow): Promise<AuditSummary> {
  const plan = await planAudit(window);
  let otherEventTypes = 0;
  for (const listing of plan.listings) {
    otherEventTypes += (await listActions(plan.auditId, listing)).otherEventTypes;
  }
  const summary = await compareWithLedger(plan, otherEventTypes);
  setCurrentDetails(
    `**${summary.openDifferences} open differences**, ${summary.counts.confirmed} orders confirmed on both sides. The result is in MongoDB's \`audits\`, as \`${plan.auditId}\`.`,
  );
  return summary;
}
