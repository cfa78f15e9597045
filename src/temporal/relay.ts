import type { Conversion } from '../domain/conversion.js';
import { lookUpConversion } from '../ledger/find-conversion.js';
import { findDue } from '../ledger/find-due.js';
import { forEachConversion } from './for-each-conversion.js';
import { type ReconcileDeps, reconcile } from './reconcile.js';
import { repeat } from './repeat.js';
import { concernsEveryStart } from './service-error.js';
import { handOver, isDue } from './wake-conversion.js';

interface RelayOptions {
  intervalMs: number;
  /** Younger conversions are still being started by the API. */
  minimumAgeMs: number;
  signal: AbortSignal;
}

/** By default. */
export const RELAY: Omit<RelayOptions, 'signal'> = { intervalMs: 2_000, minimumAgeMs: 5_000 };

/**
 * A relay takes the next conversion at random from the first so many. Several relays read the same ones, and in one order
 * they would start each conversion once per relay; at random they start about a tenth of them twice.
 */
const WINDOW = 200;

/** After so many failures in a row that would meet every conversion, the rest of the round would fail as well. */
const OUTAGE = 100;

/**
 * Nothing lost: a conversion or an adjustment is in the ledger before Temporal knows of it, and the API's own call may
 * fail or die with its process. The relay starts or signals the workflows of all that is still due, about oldest first, for
 * as long as it takes. Several relays at once do no harm, as starting is idempotent.
 */
export async function runRelay(deps: ReconcileDeps, options: RelayOptions): Promise<void> {
  const round = () => relayDue(deps, options);
  await repeat(options, round, (err) => warn(deps, { err }));
}

/** One round goes past the conversions that fail, however many: the next round tries them again. */
async function relayDue(deps: ReconcileDeps, { minimumAgeMs, signal }: RelayOptions): Promise<void> {
  let failedInARow = 0;
  async function* due() {
    for await (const conversion of findDue(deps.db, new Date(Date.now() - minimumAgeMs))) {
      if (signal.aborted || failedInARow >= OUTAGE) return;
      yield conversion;
    }
  }
  const inOwnOrder = shuffle(due(), WINDOW);
  const [failure, ...others] = await forEachConversion(inOwnOrder, idOf, async ({ _id: conversionId }) => {
    try {
      // Another relay, or the workflow itself, may have moved it since.
      const conversion = await lookUpConversion(deps.db, conversionId);
      if (!conversion || !isDue(conversion)) return;
      const result = await handOver(deps, conversion);
      if (result === 'ended') await reconcile(deps, conversionId);
      if (result === 'woken')
        deps.logger.info({ conversionId }, 'the relay started or signalled the workflow');
      failedInARow = 0;
    } catch (error) {
      if (concernsEveryStart(error)) failedInARow += 1;
      throw error;
    }
  });
  // One line of an outage says it for all of them.
  if (failure) warn(deps, { ...failure, failed: 1 + others.length });
}

async function* shuffle<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T> {
  const window: T[] = [];
  const takeOne = () => window.splice(Math.floor(Math.random() * window.length), 1);
  for await (const item of items) {
    window.push(item);
    if (window.length === size) yield* takeOne();
  }
  while (window.length > 0) yield* takeOne();
}

function idOf({ _id }: Conversion): string {
  return _id;
}

function warn({ logger }: ReconcileDeps, fields: object): void {
  logger.warn({ ...fields, code: 'relay_failed' }, 'the relay could not start what is due; it tries again');
}
