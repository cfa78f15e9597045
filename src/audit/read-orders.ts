import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { Database } from '../mongo.js';
import type { AuditEntry } from './audit-entry.model.js';
import type { OrderOnBothSides } from './sides.js';

const BATCH = 500;

export interface ReadOrdersDeps {
  db: Database;
  campaignEvents: CampaignEvents;
}

/**
 * What was staged, order by order, each with both of its sides, in batches: the next is read when it is asked for.
 * An order that only Impact has may be of a conversion outside the window, so the ledger is asked once more.
 */
export async function* readOrders(deps: ReadOrdersDeps, auditId: string): AsyncGenerator<OrderOnBothSides[]> {
  let batch: OrderOnBothSides[] = [];
  for await (const order of groupByOrder(sortedEntries(deps.db, auditId))) {
    batch.push(order);
    if (batch.length < BATCH) continue;
    yield await withConversionsElsewhere(deps, batch);
    batch = [];
  }
  if (batch.length > 0) yield await withConversionsElsewhere(deps, batch);
}

function sortedEntries(db: Database, auditId: string): AsyncIterable<AuditEntry> {
  return db.auditEntries
    .find({ auditId })
    .sort({ auditId: 1, actionTrackerId: 1, orderId: 1 })
    .lean()
    .cursor({ batchSize: 1_000 });
}

/** Of entries that are sorted by event type and order id. */
export async function* groupByOrder(entries: AsyncIterable<AuditEntry>): AsyncGenerator<OrderOnBothSides> {
  let order: OrderOnBothSides | undefined;
  for await (const { actionTrackerId, orderId, ledger, action } of entries) {
    if (order && (order.actionTrackerId !== actionTrackerId || order.orderId !== orderId)) {
      yield order;
      order = undefined;
    }
    order ??= { actionTrackerId, orderId, ledger: null, actions: [] };
    if (ledger) order.ledger = { ...ledger, inWindow: true };
    if (action) order.actions.push(action);
  }
  if (order) yield order;
}

async function withConversionsElsewhere(
  { db, campaignEvents }: ReadOrdersDeps,
  orders: OrderOnBothSides[],
): Promise<OrderOnBothSides[]> {
  const orderIds = orders.filter(({ ledger }) => !ledger).map(({ orderId }) => orderId);
  if (orderIds.length === 0) return orders;
  const conversions = await db.conversions
    .find({ 'submission.orderId': { $in: orderIds } }, { campaignEventId: 1, status: 1, submission: 1 })
    .lean();
  const trackers = new Map(campaignEvents.all.map((event) => [event.id, event.actionTrackerId]));
  // An order id is unique within an event type, and no further.
  const keyOf = (actionTrackerId: number | undefined, orderId: string | undefined) =>
    `${actionTrackerId}/${orderId}`;
  const elsewhere = new Map(
    conversions.map((found) => [
      keyOf(trackers.get(found.campaignEventId), found.submission?.orderId),
      found,
    ]),
  );
  return orders.map((order) => {
    const found = order.ledger ? undefined : elsewhere.get(keyOf(order.actionTrackerId, order.orderId));
    if (!found) return order;
    return { ...order, ledger: { conversionId: found._id, status: found.status, inWindow: false } };
  });
}
