import type { ParkedFilter } from '../temporal/parked-query.js';
import type { AbandonNote } from './abandon-conversion.js';
import { countParkedGroups, type Move, type MoveDeps, totalOf } from './move-many.js';
import { signalParked } from './signal-parked.js';

/**
 * Abandons everything that is parked: conversions, so that they are never reported, and of reported ones the parked
 * adjustment alone.
 */
export function abandonMany(deps: MoveDeps, filter: ParkedFilter, note: AbandonNote): Move {
  return {
    async preview() {
      const byReason = await countParkedGroups(deps, filter);
      return { count: totalOf(byReason), byReason };
    },
    async carryOut({ count }) {
      if (count === 0) return {};
      return { jobId: await signalParked(deps.temporal, filter, { name: 'abandon', note }) };
    },
  };
}
