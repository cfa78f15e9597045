import type { AuditWindow } from '../domain/audit.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import { CONVERSION_STATUSES } from '../domain/conversion.js';
import { splitWindow } from '../impact/list-actions.js';
import type { Database } from '../mongo.js';

/** One listing at Impact. Both ends belong to it. */
export interface Listing extends AuditWindow {
  campaignId: number;
}

export interface AuditPlan extends AuditWindow {
  auditId: string;
  begunAt: string;
  listings: Listing[];
}

const DAY_MS = 86_400_000;

/** Unless said: with the day that is added at each end, what Impact lists at once is not exceeded. */
const DEFAULT_DAYS = 43;

/**
 * Which Actions to list for a window. A day to either side is added, as Impact's days are those of the account's
 * time zone; and where a conversion was sent late, Impact may have set its event date to the day on which it was.
 * https://help.impact.com/ "understand the action life cycle"
 */
export async function planAudit(
  { db, campaignEvents }: { db: Database; campaignEvents: CampaignEvents },
  window: AuditWindow | undefined,
  now: Date,
): Promise<AuditPlan> {
  const to = window ? new Date(window.to) : now;
  const from = window ? new Date(window.from) : new Date(now.getTime() - DEFAULT_DAYS * DAY_MS);
  const last = Math.max(to.getTime(), (await lastSentAt(db, from, to))?.getTime() ?? 0);
  const listed = { from: new Date(from.getTime() - DAY_MS), to: new Date(last + DAY_MS) };
  const campaignIds = new Set(campaignEvents.all.map(({ campaignId }) => campaignId));
  const [fromText, toText] = [from.toISOString(), to.toISOString()];
  const begunAt = now.toISOString();
  return {
    auditId: `${fromText}/${toText}@${begunAt}`,
    begunAt,
    from: fromText,
    to: toText,
    listings: [...campaignIds].flatMap((campaignId) =>
      splitWindow(listed).map((part) => ({
        campaignId,
        from: part.from.toISOString(),
        to: part.to.toISOString(),
      })),
    ),
  };
}

async function lastSentAt(db: Database, from: Date, to: Date): Promise<Date | undefined> {
  const last = await db.conversions
    .findOne({ status: { $in: CONVERSION_STATUSES }, occurredAt: { $gte: from, $lt: to } }, { submission: 1 })
    .sort({ 'submission.sentAt': -1 })
    .lean();
  return last?.submission?.sentAt;
}
