import type { Client } from '@temporalio/client';
import type { ConversionStatus } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { countParkedByReason } from '../ledger/count-parked.js';
import type { Ledger } from '../ledger/transition.js';
import { countParked, type ParkedFilter } from '../temporal/parked-query.js';
import type { Estimate } from './estimate-reports.js';

export type MoveDeps = Ledger & { temporal: Client };

/** How many a command would move, and why they are where they are. */
export interface Preview {
  count: number;
  byReason: ReasonGroup[];
  /** Of a retry. */
  estimate?: Estimate;
}

export interface ReasonGroup {
  status: ConversionStatus;
  /** An operator's decision has none. */
  reason?: string;
  count: number;
}

/** What goes on without this process. */
export interface Moved {
  /** Temporal's batch operation, which signals the parked ones. */
  jobId?: string;
  /** How many the ledger has as pending again. */
  restarted?: number;
}

/** A retry or an abandon of many conversions. */
export interface Move {
  preview(): Promise<Preview>;
  carryOut(preview: Preview): Promise<Moved>;
}

export type Outcome = Preview & Moved & { done: boolean };

/**
 * Carries it out if `confirm` is the count of the preview now; without `confirm`, only shows that.
 * @throws DomainError `preview_changed`
 */
export async function moveIfConfirmed(move: Move, confirm: number | undefined): Promise<Outcome> {
  const preview = await move.preview();
  const { count } = preview;
  if (confirm === undefined) return { ...preview, done: false };
  if (confirm === count) return { ...preview, ...(await move.carryOut(preview)), done: true };
  const message = `It would move ${count} now, not ${confirm}. Nothing was moved. Look at the preview again, and confirm ${count}.`;
  throw new DomainError('preview_changed', message, { members: { ...preview } });
}

export function totalOf(groups: readonly ReasonGroup[], status?: ConversionStatus): number {
  const counted = groups.filter((group) => status === undefined || group.status === status);
  return counted.reduce((sum, { count }) => sum + count, 0);
}

/**
 * What Temporal lists as parked, which is what a batch operation signals: a moment behind the ledger. Temporal counts no
 * groups, so it counts each reason that the ledger knows.
 * @throws DomainError `invalid_request`, `temporal_unavailable`
 */
export async function countParkedGroups(
  { db, temporal }: MoveDeps,
  filter: ParkedFilter,
): Promise<ReasonGroup[]> {
  const total = await countParked(temporal, filter);
  if (total === 0) return [];
  const status = 'parked' as const;
  if (filter.reason !== undefined) return [{ status, reason: filter.reason, count: total }];
  const groups: ReasonGroup[] = [];
  for (const { reason } of await countParkedByReason(db))
    groups.push({ status, reason, count: await countParked(temporal, { ...filter, reason }) });
  // Such as one whose document the ledger has lost.
  groups.push({ status, reason: 'unknown', count: total - totalOf(groups) });
  return groups.filter(({ count }) => count > 0);
}
