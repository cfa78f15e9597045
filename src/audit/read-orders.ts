import type { Programme } from '../domain/programme/programme.js';
import { inBatches } from '../ledger/in-batches.js';
import {
  findByOrderIds,
  type TimeWindow,
  type WalkedConversion,
  walkWindow,
} from '../ledger/walk-conversions.js';
import type { Database } from '../mongo.js';
import { type AuditEntry, entriesOf, entryId, STAGED } from './audit.model.js';
import { toLedgerSide } from './ledger-side.js';
import type { AuditDeps, Order } from './types.js';

const BATCH = 500;

type ReadDeps = Omit<AuditDeps, 'onBatch'>;

/**
 * The orders of a window in batches, each read when it is asked for: first the orders that the ledger has, each with
 * Impact's Actions, then the orders that Impact alone has.
 */
export async function* readOrders(
  { db, programme }: ReadDeps,
  auditId: string,
  window: TimeWindow,
): AsyncGenerator<Order[]> {
  for await (const conversions of inBatches(walkWindow(db, window), BATCH))
    yield await withActions(db, auditId, toOrders(programme, conversions));
  const left = db.auditEntries.find({ ...entriesOf(auditId), inLedger: { $ne: true } }).lean();
  for await (const entries of inBatches<AuditEntry>(left.cursor({ batchSize: BATCH }), BATCH))
    yield await withoutConversionsElsewhere({ db, programme }, entries);
}

function toOrders(programme: Programme, conversions: WalkedConversion[]): Order[] {
  return conversions.flatMap((conversion) => {
    const event = programme.find(conversion.campaignEventId);
    // Without its campaign event the tracker is unknown, and its Actions are not listed either.
    if (!event) return [];
    const { orderId, ...ledger } = toLedgerSide(event, conversion);
    return [{ actionTrackerId: event.actionTrackerId, orderId, ledger, actions: [] }];
  });
}

async function withActions(db: Database, auditId: string, orders: Order[]): Promise<Order[]> {
  const idOf = ({ actionTrackerId, orderId }: Order) => entryId(auditId, actionTrackerId, orderId);
  const entries = await db.auditEntries.find({ _id: { $in: orders.map(idOf) } }).lean();
  const ids = entries.map(({ _id }) => _id);
  await db.auditEntries.updateMany({ _id: { $in: ids } }, { inLedger: true }, STAGED);
  const actions = new Map(entries.map((entry) => [entry._id, entry.actions]));
  return orders.map((order) => ({ ...order, actions: actions.get(idOf(order)) ?? [] }));
}

/**
 * Leaves out orders that the walk did not meet although the ledger has them: their conversions happened outside the
 * window, and belong to another audit.
 */
async function withoutConversionsElsewhere(
  { db, programme }: ReadDeps,
  entries: AuditEntry[],
): Promise<Order[]> {
  const conversions = await findByOrderIds(
    db,
    entries.map(({ orderId }) => orderId),
  );
  const trackers = new Map(programme.all.map((event) => [event.id, event.actionTrackerId]));
  // An order id is unique within an event type only.
  const elsewhere = new Set(
    conversions.map(
      ({ campaignEventId, submission }) => `${trackers.get(campaignEventId)}/${submission?.orderId}`,
    ),
  );
  return entries
    .filter(({ actionTrackerId, orderId }) => !elsewhere.has(`${actionTrackerId}/${orderId}`))
    .map((entry) => ({ ...entry, ledger: null }));
}
