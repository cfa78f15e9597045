import { type ConversionStatus, DECIDED_AGAINST, isFixableSkip, USER_ERASED } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { noteText, TASK_QUEUES } from '../domain/workflow-names.js';
import { countEnded, type EndedFilter, restartEnded } from '../ledger/restart-ended.js';
import type { ParkedFilter } from '../temporal/parked-query.js';
import { readQueueRate } from '../temporal/queue-rate.js';
import { estimateReports } from './estimate-reports.js';
import { countParkedGroups, type Move, type MoveDeps, totalOf } from './move-many.js';
import { heldAdvice } from './signal-conversion.js';
import { signalParked } from './signal-parked.js';

export interface RetryFilter extends ParkedFilter {
  status?: ConversionStatus | undefined;
}

/**
 * Retries all parked conversions, and those that were skipped for the reason of the filter, if somebody can fix that reason.
 * With `restart`, it reports abandoned, declined or skipped ones after all. The order ids and the ledger stay the same,
 * and keep all of them from being reported twice.
 * @throws DomainError `invalid_request`
 */
export function retryMany(
  deps: MoveDeps,
  filter: RetryFilter,
  { by, restart = false }: { by: string; restart?: boolean | undefined },
): Move {
  const { db, temporal } = deps;
  const { parked, ended } = selectionOf(filter, restart);
  return {
    async preview() {
      const waiting = parked ? await countParkedGroups(deps, parked) : [];
      const byReason = [...waiting, ...(ended ? await countEnded(db, ended) : [])];
      const count = totalOf(byReason);
      const queue = await readQueueRate(temporal, TASK_QUEUES.impact);
      return { count, byReason, estimate: estimateReports(count, totalOf(waiting), queue) };
    },
    async carryOut({ byReason }) {
      const signal = { name: 'retry', note: { by } } as const;
      // First, because Temporal may have no room for it: then nothing has moved.
      const signals = parked && totalOf(byReason, 'parked') > 0;
      const jobId = signals ? await signalParked(temporal, parked, signal) : undefined;
      const detail = noteText(restart ? 'Restarted' : 'Retried', { by });
      return {
        ...(jobId === undefined ? {} : { jobId }),
        ...(ended ? { restarted: await restartEnded(deps, ended, detail) } : {}),
      };
    },
  };
}

/** What of it is parked, as Temporal lists it, and what has ended, as the ledger has it. */
function selectionOf(
  { status, ...filter }: RetryFilter,
  restart: boolean,
): { parked?: ParkedFilter; ended?: EndedFilter } {
  const { reason } = filter;
  if (restart) return { ended: { status: restartable(status, reason), ...filter } };
  const ended: EndedFilter = { status: 'skipped', ...filter };
  const isFixable = reason !== undefined && isFixableSkip({ status: 'skipped', reason });
  if (status === 'skipped' && isFixable) return { ended };
  if (status !== undefined && status !== 'parked')
    throw refusal('status', `Without a restart, only parked conversions are retried, not ${status} ones.`);
  return status === undefined && isFixable ? { parked: filter, ended } : { parked: filter };
}

function restartable(status: ConversionStatus | undefined, reason: string | undefined) {
  if (status === undefined || !isDecidedAgainst(status))
    throw refusal('status', 'Name what to restart: the status abandoned, declined or skipped.');
  if (status !== 'skipped') return status;
  if (reason === undefined)
    throw refusal('reason', 'Name the reason of skipped conversions: most of them have nothing to report.');
  if (reason === USER_ERASED)
    throw refusal('reason', 'Conversions of erased users have no click any more, and are never reported.');
  const advice = heldAdvice({ status, reason });
  if (advice !== undefined)
    throw refusal('reason', `Conversions with the reason ${reason} are held. ${advice}`);
  return status;
}

function isDecidedAgainst(status: ConversionStatus): status is EndedFilter['status'] {
  return DECIDED_AGAINST.includes(status);
}

function refusal(field: keyof RetryFilter, message: string): DomainError {
  return new DomainError('invalid_request', message, { fields: [{ field: `filter.${field}`, message }] });
}
