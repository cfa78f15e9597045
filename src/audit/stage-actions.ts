import mongoose from 'mongoose';
import type { ImpactClient } from '../impact/client.js';
import type { ListedAction } from '../impact/list-actions.js';
import { inBatches } from '../ledger/in-batches.js';
import { type Database, DUPLICATE_KEY } from '../mongo.js';
import { type AuditEntry, entryId, STAGED } from './audit.model.js';
import type { Listing } from './plan-audit.js';
import type { AuditDeps } from './types.js';

const BATCH = 1_000;

/**
 * Stages Impact's Actions, one entry for each order, so that they can be compared with the ledger.
 * @returns how many Actions are of event types that this service does not report
 */
export async function stageActions(
  { db, programme, onBatch, impact }: AuditDeps & { impact: ImpactClient },
  auditId: string,
  { campaignId, from, to }: Listing,
): Promise<{ otherEventTypes: number }> {
  const events = programme.all.filter((event) => event.campaignId === campaignId);
  const trackers = new Set(events.map(({ actionTrackerId }) => actionTrackerId));
  const at = new Date();
  const listed = impact.listActions({ campaignId, from: new Date(from), to: new Date(to) });
  let otherEventTypes = 0;
  for await (const actions of inBatches(listed, BATCH)) {
    const ours = actions.filter(({ actionTrackerId }) => trackers.has(actionTrackerId));
    otherEventTypes += actions.length - ours.length;
    if (ours.length > 0) await stage(db, toEntries(auditId, ours, at));
    onBatch();
  }
  return { otherEventTypes };
}

function toEntries(auditId: string, listed: readonly ListedAction[], at: Date): AuditEntry[] {
  const entries = new Map<string, AuditEntry>();
  for (const { actionTrackerId, orderId, ...action } of listed) {
    const _id = entryId(auditId, actionTrackerId, orderId);
    const { actions } = entries.get(_id) ?? { actions: [] };
    const others = actions.filter(({ actionId }) => actionId !== action.actionId);
    entries.set(_id, { _id, actionTrackerId, orderId, actions: [...others, action], at });
  }
  return [...entries.values()];
}

/**
 * Inserts the entries, and updates those that are there already: most of them only in an attempt that is repeated, so
 * inserting first is faster. The driver's own methods write plain documents; mongoose's would make a model of each.
 */
async function stage({ auditEntries: { collection } }: Database, entries: AuditEntry[]): Promise<void> {
  try {
    await collection.insertMany(entries as never, { ordered: false, ...STAGED });
  } catch (error) {
    const failures = error instanceof mongoose.mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [];
    if (failures.length === 0 || failures.some(({ code }) => code !== DUPLICATE_KEY)) throw error;
    const updates = failures.flatMap(({ index }) => entries[index] ?? []).map(toUpdate);
    await collection.bulkWrite(updates as never, { ordered: false, ...STAGED });
  }
}

/** An Action replaces itself, as an attempt that is repeated lists it again. */
function toUpdate({ _id, actions, at }: AuditEntry) {
  const others = {
    $filter: {
      input: '$actions',
      cond: { $not: { $in: ['$$this.actionId', { $literal: actions.map(({ actionId }) => actionId) }] } },
    },
  };
  const update = [{ $set: { actions: { $concatArrays: [others, { $literal: actions }] }, at } }];
  return { updateOne: { filter: { _id }, update } };
}
