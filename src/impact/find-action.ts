import type { Call } from './http.js';
import { type ActionsWindow, type ListedAction, listActions } from './list-actions.js';

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

/**
 * Looks for the order among the Actions of the days on which it can be listed. Where Impact has attributed it anew, the
 * reversed one counts no more.
 */
export async function findAction(call: Call, order: Order): Promise<ListedAction | null> {
  let reversed: ListedAction | null = null;
  for (const day of daysOf(order)) {
    for await (const action of listActions(call, around(day, order))) {
      if (action.orderId !== order.orderId || action.actionTrackerId !== order.actionTrackerId) continue;
      if (action.state !== 'REVERSED') return action;
      reversed = action;
    }
  }
  return reversed;
}

function daysOf({ eventDate, sentAt }: Order): Date[] {
  return sentAt.getTime() - eventDate.getTime() < DAY_MS ? [eventDate] : [eventDate, sentAt];
}

/** A day to either side, as Impact's days are those of the account's time zone. */
function around(day: Date, { campaignId }: Order): ActionsWindow {
  return {
    campaignId,
    from: new Date(day.getTime() - DAY_MS),
    to: new Date(day.getTime() + 2 * DAY_MS),
  };
}
