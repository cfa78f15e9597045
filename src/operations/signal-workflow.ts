import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import type { OperatorNote } from '../../workflows/conversion.js';
import { DomainError } from '../domain/errors.js';
import { isOutOfReach } from '../temporal.js';

/** An operator waits for the answer. */
export const DEADLINE_MS = 5_000;

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

/** @throws DomainError `temporal_unavailable`, and whatever Temporal answers */
export async function askTemporal<T>(temporal: Client, call: () => Promise<T>): Promise<T> {
  try {
    return await temporal.withDeadline(Date.now() + DEADLINE_MS, call);
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    throw new DomainError(
      'temporal_unavailable',
      'Temporal does not answer. Try again: what is asked for twice is done once.',
      { cause: error },
    );
  }
}
