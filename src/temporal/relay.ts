import { setTimeout as delay } from 'node:timers/promises';
import type { QueryFilter } from 'mongoose';
import type { Conversion } from '../domain/conversion.js';
import type { Logger } from '../logger.js';
import { forEachConversion } from './for-each-conversion.js';
import { handOverAdjustments } from './hand-over-adjustments.js';
import { type StartWorkflowDeps, startWorkflow } from './wake-conversion.js';

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
const CANNOT_TELL = 'the relay could not tell Temporal of what is pending; it tries again';

/**
 * Nothing lost: a conversion, and a change of it, is in the ledger before Temporal knows, and the API's own call may
 * fail or die with its process. The relay tells Temporal of whatever is still pending, for as long as it is. Several
 * relays at once do no harm, as telling twice is telling once.
 */
export async function runRelay(deps: RelayDeps, options: RelayOptions): Promise<void> {
  while (!options.signal.aborted) {
    const more = await relayBatch(deps, options.minimumAgeMs).catch((error) => {
      deps.logger.warn({ err: error, code: 'relay_failed' }, CANNOT_TELL);
      return false;
    });
    if (!more) await delay(options.intervalMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** @returns whether there may be more at once */
async function relayBatch(deps: RelayDeps, minimumAgeMs: number): Promise<boolean> {
  const before = { $lte: new Date(Date.now() - minimumAgeMs) };
  const pending = [
    tellOfEach(deps, startWorkflow, {
      status: 'pending',
      createdAt: before,
      // Begun anew by an operator, whose process is starting it just now.
      $or: [{ restartedAt: null }, { restartedAt: before }],
    }),
    tellOfEach(deps, handOverAdjustments, {
      changes: { $elemMatch: { status: 'pending', requestedAt: before } },
    }),
  ];
  // What is wrong with the one must not hold the other up.
  await Promise.allSettled(pending);
  return (await Promise.all(pending)).includes(BATCH);
}

/** @returns how many were found, and told */
async function tellOfEach(
  deps: RelayDeps,
  tell: typeof startWorkflow,
  pending: QueryFilter<Conversion>,
): Promise<number> {
  const found = await deps.db.conversions
    .find(pending, { _id: 1 })
    .sort({ createdAt: 1 })
    .limit(BATCH)
    .lean();
  const failures = await forEachConversion(found, async ({ _id: conversionId }) => {
    await tell(deps, conversionId);
    deps.logger.info({ conversionId }, 'the relay told Temporal of it');
  });
  // One line of an outage says it for all of them.
  const [first] = failures;
  if (first) deps.logger.warn({ ...first, failed: failures.length, code: 'relay_failed' }, CANNOT_TELL);
  return first ? 0 : found.length;
}
