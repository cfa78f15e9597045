import type { Database } from '../mongo.js';

export interface ReasonCount {
  reason: string;
  count: number;
}

/** Parked conversions by reason. */
export function countParkedConversions({ conversions }: Database): Promise<ReasonCount[]> {
  return conversions.aggregate<ReasonCount>([
    { $match: { status: 'parked' } },
    { $group: { _id: '$reason', count: { $sum: 1 } } },
    { $project: { _id: 0, reason: { $ifNull: ['$_id', 'unknown'] }, count: 1 } },
  ]);
}

/** Conversions that keep their own status while an adjustment of theirs is parked, by its reason. */
function countParkedByAdjustment({ conversions }: Database): Promise<ReasonCount[]> {
  const isParked = { $eq: ['$$this.status', 'parked'] };
  const parked = { $first: { $filter: { input: '$adjustments', cond: isParked } } };
  return conversions.aggregate<ReasonCount>([
    { $match: { 'adjustments.status': 'parked', status: { $ne: 'parked' } } },
    { $replaceWith: { parked } },
    { $group: { _id: '$parked.parkReason', count: { $sum: 1 } } },
    { $project: { _id: 0, reason: { $ifNull: ['$_id', 'unknown'] }, count: 1 } },
  ]);
}

/** What `list --status parked` lists, by reason, most frequent first. */
export async function countParkedByReason(db: Database): Promise<ReasonCount[]> {
  const groups = await Promise.all([countParkedConversions(db), countParkedByAdjustment(db)]);
  const counts = new Map<string, number>();
  for (const { reason, count } of groups.flat()) counts.set(reason, (counts.get(reason) ?? 0) + count);
  return [...counts]
    .map(([reason, count]) => ({ reason, count }))
    .sort((a, b) => b.count - a.count || a.reason.localeCompare(b.reason));
}
