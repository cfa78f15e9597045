import { setTimeout as delay } from 'node:timers/promises';
import { isAccepted } from '../trial/client.js';
import { openSiteAndShop, type SiteAndShop } from '../trial/site-and-shop.js';
import type { System } from '../trial/system.js';
import type { Wanted } from '../trial/wanted.js';
import type { Journey } from './journeys.js';

/** All journeys, each at its time. What the clients wanted is added to `wanted` as soon as they want it. */
export async function walkAll(system: System, journeys: readonly Journey[], wanted: Wanted[]): Promise<void> {
  const beginning = Date.now();
  const client = openSiteAndShop(system);
  await Promise.all(
    journeys.map(async (journey) => {
      await delay(Math.max(0, beginning + journey.startsAtMs - Date.now()));
      await walk(client, journey, wanted);
    }),
  );
}

/** A client that gets no answer gives up, and with it the rest of the journey. */
async function walk(client: SiteAndShop, journey: Journey, wanted: Wanted[]): Promise<void> {
  const { clerkId, clickId, sale, returnsBy } = journey;
  const signup = await client.signUp(clerkId, clickId, journey.races ? 2 : 0);
  wanted.push(signup);
  if (!isAccepted(signup.asked)) return;
  if (journey.signupIsReversed) await client.adjust(signup, { refund: true });
  if (!sale) return;
  if (returnsBy !== undefined) {
    const stored = await client.landAgain(clerkId, returnsBy);
    signup.besides.push(stored);
    if (!isAccepted(stored)) return;
  }
  const { orderId, cents, currency } = sale;
  const buyer = { userId: String(signup.asked.body.userId) };
  const sold = await client.sell({ orderId, cents, currency, buyer, clickId: returnsBy ?? clickId });
  wanted.push(sold);
  if (!isAccepted(sold.asked)) return;
  for (const newCents of sale.amounts) {
    const { asked } = await client.adjust(sold, { cents: newCents, currency });
    if (!isAccepted(asked)) return;
  }
  if (sale.isRefunded) await client.adjust(sold, { refund: true });
}
