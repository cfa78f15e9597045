import { conversionIdOf } from '../domain/conversion.js';
import { WORKFLOW_TYPE } from '../domain/workflow-names.js';
import { findUnfinished } from '../ledger/find-due.js';
import { forEachConversion } from './for-each-conversion.js';
import { type ReconcileDeps, reconcile } from './reconcile.js';
import { repeat } from './repeat.js';

export interface WatchOptions {
  /** Between two queries for workflows that have ended. */
  endedIntervalMs: number;
  /** Between two scans of the ledger. */
  scanIntervalMs: number;
  /** Temporal may not list the workflow of a younger step yet. */
  minimumAgeMs: number;
  signal: AbortSignal;
}

/** The first look covers what ended while no worker ran. Temporal rarely keeps closed workflows longer than that. */
const FIRST_LOOK_BACK_MS = 30 * 86_400_000;

/** A workflow that has ended appears in Temporal's list a little later. */
const OVERLAP_MS = 5 * 60_000;

const PAGE_SIZE = 1_000;

/** Looks for workflows that were terminated, cancelled or failed: one call of Temporal each time, while there are none. */
export async function watchEnded(deps: ReconcileDeps, options: WatchOptions): Promise<void> {
  let since = Date.now() - FIRST_LOOK_BACK_MS;
  /** The runs of the look before, which this look finds again where the two overlap. */
  let seen: ReadonlySet<string> = new Set();
  await watch(deps, options, options.endedIntervalMs, async () => {
    const now = Date.now();
    const found = await listEnded(deps, new Date(since));
    const ids = [...found].flatMap(([runId, id]) => (seen.has(runId) || id === undefined ? [] : [id]));
    await reconcileAll(deps, options, new Set(ids));
    seen = new Set(found.keys());
    since = now - OVERLAP_MS;
  });
}

/**
 * Looks for workflows that Temporal has lost: lists the ids of all that run, a thousand a call, and reconciles each
 * unfinished conversion of the ledger that is not among them.
 */
export async function scanLedger(deps: ReconcileDeps, options: WatchOptions): Promise<void> {
  await watch(deps, options, options.scanIntervalMs, async () => {
    const running = new Set<string>();
    const query = `WorkflowType = "${WORKFLOW_TYPE}" AND ExecutionStatus = "Running"`;
    for await (const { workflowId } of deps.temporal.workflow.list({ query, pageSize: PAGE_SIZE }))
      running.add(conversionIdOf(workflowId) ?? '');
    const before = new Date(Date.now() - options.minimumAgeMs);
    await reconcileAll(deps, options, findUnfinished(deps.db, before, deps), running);
  });
}

/** @returns the conversions of the runs that have ended since, by run */
async function listEnded({ temporal }: ReconcileDeps, since: Date): Promise<Map<string, string | undefined>> {
  const query =
    `WorkflowType = "${WORKFLOW_TYPE}" AND ExecutionStatus IN ("Terminated", "Failed", "TimedOut", "Canceled") ` +
    `AND CloseTime > "${since.toISOString()}"`;
  const found = new Map<string, string | undefined>();
  for await (const { runId, workflowId } of temporal.workflow.list({ query, pageSize: PAGE_SIZE }))
    found.set(runId, conversionIdOf(workflowId));
  return found;
}

/** @throws the first error, once every other conversion was reconciled */
async function reconcileAll(
  deps: ReconcileDeps,
  { signal }: WatchOptions,
  ids: Iterable<string> | AsyncIterable<string>,
  running?: ReadonlySet<string>,
): Promise<void> {
  const [failure] = await forEachConversion(ids, String, async (id) => {
    if (!signal.aborted && !running?.has(id)) await reconcile(deps, id);
  });
  if (failure) throw failure.err;
}

function watch(
  { logger }: ReconcileDeps,
  { signal }: WatchOptions,
  intervalMs: number,
  look: () => Promise<void>,
): Promise<void> {
  return repeat({ intervalMs, signal }, look, (err) => {
    logger.warn(
      { err, code: 'reconcile_failed' },
      'workflows could not be reconciled; the worker tries again',
    );
  });
}
