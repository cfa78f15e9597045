import { setTimeout as delay } from 'node:timers/promises';
import type { Conversion } from '../domain/conversion.js';
import { findDue } from '../ledger/find-due.js';
import { forEachConversion } from './for-each-conversion.js';
import { type ReconcileDeps, reconcile } from './reconcile.js';
import { handOver } from './wake-conversion.js';

interface RelayOptions {
  intervalMs: number;
  /** Younger conversions are still being started by the API. */
  minimumAgeMs: number;
  signal: AbortSignal;
}

const BATCH = 100;

/**
 * Nothing lost: a conversion or an adjustment is in the ledger before Temporal knows of it, and the API's own call may
 * fail or die with its process. The relay starts or signals the workflows of all that is still due, oldest first, for as
 * long as it takes. Several relays at once do no harm, as starting is idempotent.
 */
export async function runRelay(deps: ReconcileDeps, options: RelayOptions): Promise<void> {
  while (!options.signal.aborted) {
    const more = await relayBatch(deps, options.minimumAgeMs).catch((err) => {
      warn(deps, { err });
      return false;
    });
    if (!more) await delay(options.intervalMs, undefined, { signal: options.signal }).catch(() => undefined);
  }
}

/** @returns whether there may be more at once */
async function relayBatch(deps: ReconcileDeps, minimumAgeMs: number): Promise<boolean> {
  const due = await findDue(deps.db, new Date(Date.now() - minimumAgeMs), BATCH);
  const [failure, ...others] = await forEachConversion(due, idOf, async (conversion) => {
    const conversionId = idOf(conversion);
    if ((await handOver(deps, conversion)) === 'ended') await reconcile(deps, conversionId);
    deps.logger.info({ conversionId }, 'the relay started or signalled the workflow');
  });
  // One line of an outage says it for all of them.
  if (failure) warn(deps, { ...failure, failed: 1 + others.length });
  return !failure && due.length >= BATCH;
}

function idOf({ _id }: Conversion): string {
  return _id;
}

function warn({ logger }: ReconcileDeps, fields: object): void {
  logger.warn({ ...fields, code: 'relay_failed' }, 'the relay could not start what is due; it tries again');
}
