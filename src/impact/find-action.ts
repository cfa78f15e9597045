import type { Call } from './http.js';
import { type ListedAction, listActions } from './list-actions.js';

export interface Order {
  campaignId: number;
  actionTrackerId: number;
  orderId: string;
  /** Impact lists an Action by its event date. */
  eventDate: Date;
  /** Impact may replace the event date of an order that arrives late with the day of its arrival. */
  sentAt: Date;
}

const DAY_MS = 86_400_000;

/**
 * Searches for the order among the Actions of the days on which Impact may list it. If Impact attributes an order to
 * another partner, the order also has a reversed Action, which counts only if there is no other.
 */
export async function findAction(call: Call, order: Order): Promise<ListedAction | null> {
  const { campaignId, eventDate, sentAt } = order;
  let reversed: ListedAction | null = null;
  for (const day of sentAt.getTime() - eventDate.getTime() < DAY_MS ? [eventDate] : [eventDate, sentAt]) {
    // One day before and after, because Impact's days are in the account's time zone.
    const from = new Date(day.getTime() - DAY_MS);
    const to = new Date(day.getTime() + 2 * DAY_MS);
    for await (const action of listActions(call, { campaignId, from, to })) {
      if (action.orderId !== order.orderId || action.actionTrackerId !== order.actionTrackerId) continue;
      if (action.state !== 'REVERSED') return action;
      reversed = action;
    }
  }
  return reversed;
}
