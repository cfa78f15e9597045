import type { AuditWindow } from '../domain/audit.js';
import type { Programme } from '../domain/programme/programme.js';
import { splitWindow } from '../impact/list-actions.js';
import { lastSentAt } from '../ledger/walk-conversions.js';
import type { Database } from '../mongo.js';

/** What to list at Impact with one query. It includes both ends. */
export interface Listing extends AuditWindow {
  campaignId: number;
}

export interface AuditPlan extends AuditWindow {
  auditId: string;
  begunAt: string;
  listings: Listing[];
}

const DAY_MS = 86_400_000;

/** With the day that is added at each end, these are the 45 days that Impact lists at once. */
const DEFAULT_DAYS = 43;

/**
 * Says which Actions to list for a window. A day is added at each end, because Impact's days are those of the account's
 * time zone. The listing goes on to the day of the last submission, because Impact may set the event date of a
 * conversion that was sent late to the day on which it was sent.
 * https://help.impact.com/ "understand the action life cycle"
 */
export async function planAudit(
  { db, programme }: { db: Database; programme: Programme },
  window: AuditWindow | undefined,
  now: Date,
): Promise<AuditPlan> {
  const to = window ? new Date(window.to) : now;
  const from = window ? new Date(window.from) : new Date(now.getTime() - DEFAULT_DAYS * DAY_MS);
  // None was sent later than now.
  const sentAt = to < now ? await lastSentAt(db, { from, to }) : undefined;
  const last = Math.max(to.getTime(), sentAt?.getTime() ?? 0);
  const listed = { from: new Date(from.getTime() - DAY_MS), to: new Date(last + DAY_MS) };
  const campaignIds = new Set(programme.all.map(({ campaignId }) => campaignId));
  const listings = [...campaignIds].flatMap((campaignId) =>
    splitWindow(listed).map((part) => ({ campaignId, ...asText(part) })),
  );
  const audited = asText({ from, to });
  const begunAt = now.toISOString();
  return { auditId: `${audited.from}/${audited.to}@${begunAt}`, begunAt, ...audited, listings };
}

function asText({ from, to }: { from: Date; to: Date }): AuditWindow {
  return { from: from.toISOString(), to: to.toISOString() };
}
