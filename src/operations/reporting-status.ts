import type { Client } from '@temporalio/client';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import { countParkedByReason, type ReasonCount } from '../ledger/count-parked.js';
import type { Database } from '../mongo.js';
import { findHeld, type HeldGroup } from '../sources/stripe/held.js';
import { askTemporal } from '../temporal/ask-temporal.js';
import { countParked } from '../temporal/parked-query.js';
import { type QueueRate, readQueueRate } from '../temporal/queue-rate.js';
import { findSearchAttributeFault, type SearchAttributeFault } from '../temporal/search-attributes.js';
import { QUEUES_TO_IMPACT } from './pause-reporting.js';

/** What the ledger knows. */
export interface ParkedStatus {
  /** Conversions and refunds that wait for a human. */
  parked: number;
  parkedByReason: ReasonCount[];
  /** What of Stripe's events waits, if anything does. */
  stripe?: HeldGroup[];
}

/** What Temporal knows. */
export interface QueueStatus {
  queues: QueueRate[];
  /** Why no workflow can start, and Temporal cannot count the parked ones either. */
  searchAttributes?: SearchAttributeFault;
  /** Workflows that wait for a human: what `retry --all` would signal. A moment behind the ledger. */
  parkedWorkflows?: number;
}

export async function parkedStatus(db: Database): Promise<ParkedStatus> {
  const [parkedByReason, stripe] = await Promise.all([countParkedByReason(db), findHeld(db)]);
  const parked = parkedByReason.reduce((sum, { count }) => sum + count, 0);
  return { parked, parkedByReason, ...(stripe.length > 0 ? { stripe } : {}) };
}

/** The operator waits for it, and most likely because something is broken. */
const FIRST_ANSWER_MS = 2_000;

/** @throws DomainError `temporal_unavailable`, soon */
export async function queueStatus(temporal: Client): Promise<QueueStatus> {
  await askTemporal(temporal, () => temporal.workflowService.getSystemInfo({}), FIRST_ANSWER_MS);
  // One after the other: a connection is closed after the first error, and nothing may be under way on it then.
  const queues: QueueRate[] = [];
  for (const queue of [TASK_QUEUES.conversions, ...QUEUES_TO_IMPACT])
    queues.push(await readQueueRate(temporal, queue));
  const searchAttributes = await askTemporal(temporal, () => findSearchAttributeFault(temporal));
  if (searchAttributes) return { queues, searchAttributes };
  return { queues, parkedWorkflows: await countParked(temporal) };
}
