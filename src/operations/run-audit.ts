import { randomUUID } from 'node:crypto';
import { type Client, ServiceError, WorkflowFailedError } from '@temporalio/client';
import type { AuditWorkflow } from '../../workflows/index.js';
import { AUDIT_WORKFLOW_TYPE, type AuditSummary, type AuditWindow } from '../domain/audit.js';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import { askTemporal } from '../temporal/ask-temporal.js';

/**
 * Starts an audit and waits for its result. It runs in a worker, which has Impact's credentials.
 * @throws DomainError `temporal_unavailable`; Error if it does not start, fails, or takes longer than `patienceMs`
 */
export async function runAudit(
  temporal: Client,
  window: AuditWindow,
  { patienceMs, say }: { patienceMs: number; say: (line: string) => void },
): Promise<AuditSummary> {
  const handle = await start(temporal, window);
  say(`The audit runs as workflow ${handle.workflowId}.`);
  const patience = AbortSignal.timeout(patienceMs);
  try {
    return await temporal.withAbortSignal(patience, () => handle.result());
  } catch (error) {
    if (patience.aborted) {
      const minutes = Math.round(patienceMs / 60_000);
      throw new Error(
        `No result within ${minutes} minutes. Does a worker run? ${handle.workflowId} goes on, and its result will be in MongoDB's \`audits\`.`,
      );
    }
    if (!(error instanceof WorkflowFailedError)) throw error;
    throw new Error(`The audit failed: ${rootMessage(error)}`, { cause: error });
  }
}

async function start(temporal: Client, window: AuditWindow) {
  try {
    return await askTemporal(temporal, () =>
      temporal.workflow.start<typeof AuditWorkflow>(AUDIT_WORKFLOW_TYPE, {
        args: [window],
        workflowId: `audit/${window.from}/${window.to}/${randomUUID()}`,
        taskQueue: TASK_QUEUES.conversions,
      }),
    );
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    throw new Error(`Temporal did not start the audit: ${rootMessage(error)}`, { cause: error });
  }
}

function rootMessage(error: Error): string {
  let root = error;
  while (root.cause instanceof Error) root = root.cause;
  return root.message;
}
