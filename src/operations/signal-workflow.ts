import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { OperatorNote } from '../../workflows/operators.js';
import { askTemporal } from '../temporal/ask-temporal.js';

/**
 * @returns `gone` where no such workflow runs (any more)
 * @throws DomainError `temporal_unavailable`
 */
export async function signalWorkflow(
  temporal: Client,
  workflowId: string,
  signal: string,
  note: OperatorNote,
): Promise<'signalled' | 'gone'> {
  try {
    await askTemporal(temporal, () => temporal.workflow.getHandle(workflowId).signal(signal, note));
    return 'signalled';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'gone';
    throw error;
  }
}
