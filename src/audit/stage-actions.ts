import type { ImpactClient } from '../impact/client.js';
import type { ListedAction } from '../impact/list-actions.js';
import { entryId } from './audit.model.js';
import { inBatches } from './in-batches.js';
import type { Listing } from './plan-audit.js';
import type { AuditDeps } from './types.js';

const BATCH = 1_000;

/**
 * Stages Impact's Actions, one entry for each order, so that they can be compared with the ledger.
 * @returns how many Actions are of event types that this service does not report
 */
export async function stageActions(
  { db, campaignEvents, onBatch, impact }: AuditDeps & { impact: ImpactClient },
  auditId: string,
  { campaignId, from, to }: Listing,
): Promise<{ otherEventTypes: number }> {
  const events = campaignEvents.all.filter((event) => event.campaignId === campaignId);
  const trackers = new Set(events.map(({ actionTrackerId }) => actionTrackerId));
  const at = new Date();
  const listed = impact.listActions({ campaignId, from: new Date(from), to: new Date(to) });
  let otherEventTypes = 0;
  for await (const actions of inBatches(listed, BATCH)) {
    const ours = actions.filter(({ actionTrackerId }) => trackers.has(actionTrackerId));
    otherEventTypes += actions.length - ours.length;
    const operations = ours.map((action) => toOperation(auditId, action, at));
    // Entries are worth nothing once the audit is over, so the write waits for no journal. The driver's own
    // `bulkWrite` writes plain documents; mongoose's would make a model of each.
    if (operations.length > 0)
      await db.auditEntries.collection.bulkWrite(operations as never, { writeConcern: { w: 1 } });
    onBatch();
  }
  return { otherEventTypes };
}

/** An Action replaces itself, as an attempt that is repeated lists it again. */
function toOperation(auditId: string, { actionTrackerId, orderId, ...action }: ListedAction, at: Date) {
  const others = {
    $filter: {
      input: { $ifNull: ['$actions', []] },
      cond: { $ne: ['$$this.actionId', { $literal: action.actionId }] },
    },
  };
  const entry = {
    auditId,
    actionTrackerId,
    orderId: { $literal: orderId },
    actions: { $concatArrays: [others, [{ $literal: action }]] },
    at,
  };
  const filter = { _id: entryId(auditId, actionTrackerId, orderId) };
  return { updateOne: { filter, update: [{ $set: entry }], upsert: true } };
}
