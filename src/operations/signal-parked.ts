import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter, toPayloads } from '@temporalio/common';
import { DomainError } from '../domain/errors.js';
import { noteText, type OperatorNote, SIGNALS } from '../domain/workflow-names.js';
import { askTemporal } from '../temporal/ask-temporal.js';
import { type ParkedFilter, parkedQuery } from '../temporal/parked-query.js';
import { hasGrpcCode } from '../temporal/service-error.js';

export interface BatchProgress {
  jobId: string;
  state: 'running' | 'completed' | 'failed';
  /** Zero until the server has counted them. */
  total: number;
  signalled: number;
  failed: number;
}

const STATES: Readonly<Record<number, BatchProgress['state']>> = { 2: 'completed', 3: 'failed' };

const POLL_MS = 1_000;

const VERBS = { retry: 'Retried', abandon: 'Abandoned' } as const;

/**
 * Sends a signal to everything parked that the filter finds, as one batch operation of Temporal's, which goes on
 * whatever becomes of this process. Resolves when it is under way.
 * @returns its job id: `temporal batch describe --job-id …`
 * @throws DomainError `invalid_request`, `batch_running`, `temporal_unavailable`
 */
export async function signalParked(
  temporal: Client,
  filter: ParkedFilter,
  { name, note }: { name: keyof typeof VERBS; note: OperatorNote },
): Promise<string> {
  const jobId = `${name}-parked-${randomUUID()}`;
  const payloads = toPayloads(defaultPayloadConverter, note) ?? null;
  const request = {
    namespace: temporal.options.namespace,
    jobId,
    visibilityQuery: parkedQuery(filter),
    reason: noteText(VERBS[name], note),
    signalOperation: { signal: SIGNALS[name], input: { payloads }, identity: note.by ?? '' },
  };
  try {
    await askTemporal(temporal, () => temporal.workflowService.startBatchOperation(request));
  } catch (error) {
    throw notStarted(error, jobId);
  }
  return jobId;
}

/** The client itself tries again while the server has no room, until its deadline: it may be either of the two. */
function notStarted(error: unknown, jobId: string): unknown {
  const oneAtATime =
    'Temporal runs one batch operation at a time in a namespace by default: wait for the one that `temporal batch list` shows, and try again.';
  if (hasGrpcCode(error, 'resource_exhausted'))
    return new DomainError('batch_running', oneAtATime, { cause: error });
  if (!(error instanceof DomainError)) return error;
  const words = `Temporal did not say whether it began: \`temporal batch describe --job-id ${jobId}\` does.`;
  return new DomainError(error.code, `${words} ${oneAtATime}`, { cause: error });
}

/** Follows the batch operation to its end. @throws DomainError `temporal_unavailable` */
export async function followBatch(
  temporal: Client,
  jobId: string,
  onProgress: (progress: BatchProgress) => void,
): Promise<BatchProgress> {
  const { namespace } = temporal.options;
  for (;;) {
    const answer = await askTemporal(temporal, () =>
      temporal.workflowService.describeBatchOperation({ namespace, jobId }),
    );
    const progress = {
      jobId,
      state: STATES[Number(answer.state)] ?? 'running',
      total: Number(answer.totalOperationCount),
      signalled: Number(answer.completeOperationCount),
      failed: Number(answer.failureOperationCount),
    };
    onProgress(progress);
    if (progress.state !== 'running') return progress;
    await delay(POLL_MS);
  }
}
