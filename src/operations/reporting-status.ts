import { parkReasons } from '../ledger/list-conversions.js';
import { askTemporal } from '../temporal/ask-temporal.js';
import { countParked } from '../temporal/parked-query.js';
import { type QueueRate, readQueueRate } from '../temporal/queue-rate.js';
import { findSearchAttributeFault, type SearchAttributeFault } from '../temporal/search-attributes.js';
import { QUEUES_TO_IMPACT } from './pause-reporting.js';
import type { OperationDeps } from './signal-conversion.js';

export interface ReportingStatus {
  queues: QueueRate[];
  /** Why no workflow can start, and Temporal cannot count the parked ones either. */
  searchAttributes?: SearchAttributeFault;
  /** Conversions and refunds that wait for a human. */
  parked?: number;
  /** By the reasons that the ledger has; refunds with other reasons are in the total alone. */
  parkedByReason: { reason: string; count: number }[];
}

/** Temporal counts, and the ledger says which reasons there are: a visibility query cannot group by ours. */
export async function reportingStatus({ db, temporal }: OperationDeps): Promise<ReportingStatus> {
  const reasons = await parkReasons(db);
  // One after the other: a connection is closed after the first error, and nothing may be under way on it then.
  const queues: QueueRate[] = [];
  for (const taskQueue of QUEUES_TO_IMPACT) queues.push(await readQueueRate(temporal, taskQueue));
  const searchAttributes = await askTemporal(temporal, () => findSearchAttributeFault(temporal));
  if (searchAttributes) return { queues, searchAttributes, parkedByReason: [] };
  const parked = await countParked(temporal);
  const counts: ReportingStatus['parkedByReason'] = [];
  for (const reason of reasons) counts.push({ reason, count: await countParked(temporal, { reason }) });
  const parkedByReason = counts.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count);
  return { queues, parked, parkedByReason };
}
