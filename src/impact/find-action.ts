import { z } from 'zod';
import { type Call, unreadable } from './http.js';
import { parseJson } from './parse-json.js';

export interface Order {
  campaignId: number;
  actionTrackerId: number;
  orderId: string;
  /** Impact lists an Action by its event date, */
  eventDate: Date;
  /** or, where it came so late that Impact set the event date anew, by the day on which it was sent. */
  sentAt: Date;
}

const DAY_MS = 86_400_000;

const actionsSchema = z.object({
  Actions: z.array(
    z.object({ Id: z.coerce.string(), ActionTrackerId: z.coerce.number(), Oid: z.coerce.string() }),
  ),
  '@nextpageuri': z.string().nullish(),
});

/**
 * Looks for the order among the Actions of the days on which it can be listed, page by page.
 * https://integrations.impact.com/impact-brand/reference/list-actions
 */
export async function findAction(call: Call, order: Order): Promise<{ actionId: string } | null> {
  for (const day of daysOf(order)) {
    for (let page = 1, more = true; more; page += 1) {
      const exchange = await call(`/Actions?${query(order, day, page)}`);
      const result = actionsSchema.safeParse(parseJson(exchange.body));
      if (!result.success) throw unreadable(exchange);
      const found = result.data.Actions.find(
        ({ Oid, ActionTrackerId }) => Oid === order.orderId && ActionTrackerId === order.actionTrackerId,
      );
      if (found) return { actionId: found.Id };
      more = Boolean(result.data['@nextpageuri']);
    }
  }
  return null;
}

function daysOf({ eventDate, sentAt }: Order): Date[] {
  return sentAt.getTime() - eventDate.getTime() < DAY_MS ? [eventDate] : [eventDate, sentAt];
}

/** A day to either side, as Impact's days are those of the account's time zone. */
function query({ campaignId }: Order, day: Date, page: number): URLSearchParams {
  return new URLSearchParams({
    CampaignId: String(campaignId),
    ActionDateStart: new Date(day.getTime() - DAY_MS).toISOString(),
    ActionDateEnd: new Date(day.getTime() + 2 * DAY_MS).toISOString(),
    Page: String(page),
  });
}
