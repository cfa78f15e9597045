import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { type StartWorkflowDeps, startWorkflow } from './start-workflow.js';

export interface RelayDeps extends StartWorkflowDeps {
  logger: Logger;
}

export interface RelayOptions {
  intervalMs: number;
  /** Younger conversions are still being started by the API. */
  minimumAgeMs: number;
  signal: AbortSignal;
}

const BATCH = 100;
const CONCURRENCY = 10;

/**
 * Nothing lost: a conversion is in the ledger before its workflow exists, and the API's own start may fail or
 * die with its process. The relay starts whatever is still pending, for as long as it is. Several relays at
 * once do no harm, as a second start is no start.
 */
export async function runRelay(deps: RelayDeps, options: RelayOptions): Promise<void> {
  while (!options.signal.aborted) {
    const more = await relayBatch(deps, options.minimumAgeMs).catch((error) => {
      deps.logger.warn(
        { err: error, code: 'relay_failed' },
        'the relay could not start pending conversions; it tries again',
      );
      return false;
    });
    if (!more) await delay(options.intervalMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** @returns whether there may be more at once */
async function relayBatch(deps: RelayDeps, minimumAgeMs: number): Promise<boolean> {
  const before = new Date(Date.now() - minimumAgeMs);
  const pending = await deps.db.conversions
    .find(
      {
        status: 'pending',
        createdAt: { $lte: before },
        // Begun anew by an operator, whose process is starting it just now.
        $or: [{ restartedAt: null }, { restartedAt: { $lte: before } }],
      },
      { _id: 1 },
    )
    .sort({ createdAt: 1 })
    .limit(BATCH)
    .lean();
  const failures: unknown[] = [];
  for (let next = 0; next < pending.length; next += CONCURRENCY) {
    const starts = pending.slice(next, next + CONCURRENCY).map(({ _id }) => startWorkflow(deps, _id));
    const results = await Promise.allSettled(starts);
    failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
  }
  const started = pending.length - failures.length;
  if (started > 0) deps.logger.info({ started }, 'the relay started pending conversions');
  if (failures.length > 0) throw failures[0];
  return pending.length === BATCH;
}
