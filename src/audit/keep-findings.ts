import { FINDING_KINDS, type Finding, findingId, UNCLOSED } from '../domain/findings.js';
import type { Programme } from '../domain/programme/programme.js';
import type { Database } from '../mongo.js';
import { DUPLICATE_WITHIN_MS } from './find-duplicates.js';
import type { Order } from './types.js';

/**
 * An audit is about the time when it began, so it writes that time: a repeated attempt writes the same, and an audit
 * that began earlier and ends later changes nothing that a newer one has written.
 */
export interface AuditRun {
  auditId: string;
  from: Date;
  to: Date;
  begunAt: Date;
}

/** Writes the findings that the audit has met. The driver's own method takes pipelines, which mongoose's would cast. */
export async function keepFindings(db: Database, run: AuditRun, findings: Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const updates = findings.map((finding) => ({
    updateOne: { filter: { _id: finding._id }, update: keep(finding, run), upsert: true },
  }));
  await db.findings.collection.bulkWrite(updates as never, { ordered: false });
}

/**
 * A finding that was closed is open again. One that was acknowledged stays so, unless money has moved on either side
 * since an operator looked.
 */
function keep(finding: Finding, { auditId, begunAt }: AuditRun) {
  const seen = { ...finding, lastSeenAt: begunAt, lastAuditId: auditId };
  const isNewer = { $gt: [{ $max: ['$lastSeenAt', '$closedAt'] }, begunAt] };
  const stays = {
    $and: [{ $eq: ['$state', 'acknowledged'] }, { $eq: ['$amounts', { $literal: finding.amounts }] }],
  };
  const kept = {
    state: { $cond: [stays, 'acknowledged', 'open'] },
    firstSeenAt: { $ifNull: ['$firstSeenAt', begunAt] },
    acknowledgements: { $ifNull: ['$acknowledgements', []] },
  };
  return [{ $replaceWith: { $cond: [isNewer, '$$ROOT', { $mergeObjects: [{ $literal: seen }, kept] }] } }];
}

/** The audit cannot compare orders that are on their way: their findings stay until another audit can. */
export async function leaveToNextAudit(db: Database, run: AuditRun, orders: readonly Order[]): Promise<void> {
  if (orders.length === 0) return;
  const { auditId: lastAuditId, begunAt: lastSeenAt } = run;
  const ids = orders.flatMap(({ actionTrackerId, orderId }) =>
    FINDING_KINDS.map((kind) => findingId(kind, actionTrackerId, orderId)),
  );
  await db.findings.updateMany(
    { _id: { $in: ids }, state: { $in: UNCLOSED }, lastSeenAt: { $lt: lastSeenAt } },
    { $set: { lastSeenAt, lastAuditId } },
  );
}

/**
 * Closes the findings of the window that the audit has not met. Only for an audit that has compared its whole window,
 * and only of the event types that it compares. The earlier sale of a possible duplicate may lie before the window.
 */
export async function closeUnmet(db: Database, programme: Programme, run: AuditRun): Promise<void> {
  const { from, to, begunAt } = run;
  const firstHour = { $lt: new Date(from.getTime() + DUPLICATE_WITHIN_MS) };
  await db.findings.updateMany(
    {
      state: { $in: UNCLOSED },
      happenedAt: { $gte: from, $lt: to },
      lastSeenAt: { $lt: begunAt },
      actionTrackerId: { $in: programme.all.map(({ actionTrackerId }) => actionTrackerId) },
      $nor: [{ kind: 'possible_duplicate', happenedAt: firstHour }],
    },
    { $set: { state: 'closed', closedAt: begunAt } },
  );
}
