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
const CANNOT_START = 'the relay could not start pending conversions; it tries again';

/**
 * Nothing lost: a conversion is in the ledger before its workflow exists, and the API's own start may fail or
 * die with its process. The relay starts whatever is still pending, for as long as it is. Several relays at
 * once do no harm, as a second start is no start.
 */
export async function runRelay(deps: RelayDeps, options: RelayOptions): Promise<void> {
  while (!options.signal.aborted) {
    const more = await relayBatch(deps, options.minimumAgeMs).catch((error) => {
      deps.logger.warn({ err: error, code: 'relay_failed' }, CANNOT_START);
      return false;
    });
    if (!more) await delay(options.intervalMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** @returns whether there may be more at once */
async function relayBatch(deps: RelayDeps, minimumAgeMs: number): Promise<boolean> {
  const pending = await deps.db.conversions
    .find({ status: 'pending', createdAt: { $lte: new Date(Date.now() - minimumAgeMs) } }, { _id: 1 })
    .sort({ createdAt: 1 })
    .limit(BATCH)
    .lean();
  const failures: { conversionId: string; err: unknown }[] = [];
  for (let next = 0; next < pending.length; next += CONCURRENCY) {
    const starts = pending.slice(next, next + CONCURRENCY).map(async ({ _id: conversionId }) => {
      try {
        await startWorkflow(deps, conversionId);
        deps.logger.info({ conversionId }, 'the relay started a pending conversion');
      } catch (err) {
        failures.push({ conversionId, err });
      }
    });
    await Promise.all(starts);
  }
  // One line of an outage says it for all of them.
  const [first] = failures;
  if (first) deps.logger.warn({ ...first, failed: failures.length, code: 'relay_failed' }, CANNOT_START);
  return !first && pending.length === BATCH;
}
