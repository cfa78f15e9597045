import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { ImpactClient } from '../impact/client.js';
import type { ListedAction } from '../impact/list-actions.js';
import type { Database } from '../mongo.js';
import type { AuditEntry } from './audit-entry.model.js';
import { createEntryWriter } from './entry-writer.js';
import type { Listing } from './plan-audit.js';

export interface StageDeps {
  db: Database;
  campaignEvents: CampaignEvents;
  onBatch: () => void;
}

/**
 * Puts Impact's side where it can be compared.
 * @returns how many Actions are of event types that this service does not report
 */
export async function stageActions(
  { db, campaignEvents, onBatch, impact }: StageDeps & { impact: ImpactClient },
  auditId: string,
  { campaignId, from, to }: Listing,
): Promise<{ otherEventTypes: number }> {
  const ours = new Set(
    campaignEvents.all
      .filter((event) => event.campaignId === campaignId)
      .map(({ actionTrackerId }) => actionTrackerId),
  );
  const writer = createEntryWriter(db.auditEntries, onBatch);
  const at = new Date();
  let otherEventTypes = 0;
  for await (const action of impact.listActions({ campaignId, from: new Date(from), to: new Date(to) })) {
    if (ours.has(action.actionTrackerId)) await writer.add(toEntry(auditId, action, at));
    else otherEventTypes += 1;
  }
  await writer.end();
  return { otherEventTypes };
}

function toEntry(
  auditId: string,
  { actionTrackerId, orderId, ...action }: ListedAction,
  at: Date,
): AuditEntry {
  return { _id: `${auditId}/action/${action.actionId}`, auditId, actionTrackerId, orderId, action, at };
}
