import { setTimeout as delay } from 'node:timers/promises';
import { signMachineToken, signSessionToken } from '../sign-token.js';
import { type Asked, ask, isAccepted } from './client.js';
import { type Journey, MINOR_UNITS, type Sale } from './journeys.js';
import type { System } from './system.js';

/** A conversion as its client knows it: what it asked for, and what it was answered. */
export interface Wanted {
  event: 'signup' | 'sale_subscription';
  /** Unknown where the API never answered. */
  conversionId?: string;
  orderId?: string;
  /** The click ids that Impact may get. With `null`, no partner brought the user, and Impact gets nothing. */
  clickIds: (string | null)[];
  /** In major units. */
  amount?: number;
  currency?: string;
  /** Both ends included. Of a sale it is one moment, in milliseconds of the clock. */
  occurred: { from: number; to: number };
  asked: Asked;
  adjustments: WantedAdjustment[];
  /** Other requests on the way, of which nothing is reported by itself. */
  besides: Asked[];
}

export interface WantedAdjustment {
  kind: 'amount' | 'reversal';
  /** In major units. */
  amount?: number;
  asked: Asked;
}

/** All journeys, each at its time. What the clients wanted is added to `wanted` as soon as they want it. */
export async function walkAll(system: System, journeys: readonly Journey[], wanted: Wanted[]): Promise<void> {
  const beginning = Date.now();
  const client = createClient(system);
  await Promise.all(
    journeys.map(async (journey) => {
      await delay(Math.max(0, beginning + journey.startsAtMs - Date.now()));
      await walk(client, journey, wanted);
    }),
  );
}

type Client = ReturnType<typeof createClient>;

/** A client that gets no answer gives up, and with it the rest of the journey. */
async function walk(client: Client, journey: Journey, wanted: Wanted[]): Promise<void> {
  const signup = await signUp(client, journey);
  wanted.push(signup);
  if (!isAccepted(signup.asked)) return;
  const { userId } = signup.asked.body;
  if (journey.signupIsReversed) await adjust(client, signup, 'reversal');
  if (!journey.sale) return;
  if (journey.returnsBy !== undefined) {
    const stored = await client.landAgain(journey.clerkId, journey.returnsBy);
    signup.besides.push(stored);
    if (!isAccepted(stored)) return;
  }
  const sale = await sell(client, journey, journey.sale, userId);
  wanted.push(sale);
  if (!isAccepted(sale.asked)) return;
  for (const cents of journey.sale.amounts) {
    const { asked } = await adjust(client, sale, 'amount', cents, journey.sale);
    if (!isAccepted(asked)) return;
  }
  if (journey.sale.isRefunded) await adjust(client, sale, 'reversal');
}

async function signUp(client: Client, { clerkId, clickId, races }: Journey): Promise<Wanted> {
  const beside = races ? [client.firstPage(clerkId), client.firstPage(clerkId)] : [];
  const [asked, ...besides] = await Promise.all([client.firstPage(clerkId, clickId), ...beside]);
  const userId: string | undefined = asked.body?.userId;
  const from = Math.min(...[asked, ...besides].map(({ askedAt }) => askedAt));
  return {
    event: 'signup',
    ...(userId !== undefined && { conversionId: `signup:${userId}`, orderId: `signup-${userId}` }),
    clickIds: [clickId ?? null],
    occurred: { from, to: asked.answeredAt ?? Date.now() },
    asked,
    adjustments: [],
    besides,
  };
}

async function sell(client: Client, journey: Journey, sale: Sale, userId: string): Promise<Wanted> {
  const { orderId, cents, currency } = sale;
  const occurredAt = Date.now();
  const asked = await client.publish({
    campaignEventId: 'sale_subscription',
    userId,
    orderId,
    totalAmountCents: cents,
    currency,
    occurredAt: new Date(occurredAt).toISOString(),
  });
  return {
    event: 'sale_subscription',
    conversionId: `sale_subscription:${orderId}`,
    orderId,
    clickIds: [journey.returnsBy ?? journey.clickId ?? null],
    amount: cents / MINOR_UNITS[currency],
    currency,
    occurred: { from: occurredAt, to: occurredAt },
    asked,
    adjustments: [],
    besides: [],
  };
}

async function adjust(client: Client, wanted: Wanted, kind: 'amount' | 'reversal', cents = 0, sale?: Sale) {
  const path = `/v1/conversions/${encodeURIComponent(String(wanted.conversionId))}`;
  const asked =
    kind === 'amount'
      ? await client.backend('PUT', `${path}/amount`, { totalAmountCents: cents })
      : await client.backend('POST', `${path}/reverse`, { reason: 'ITEM_RETURNED' });
  const amount = sale && { amount: cents / MINOR_UNITS[sale.currency] };
  const adjustment: WantedAdjustment = { kind, ...amount, asked };
  wanted.adjustments.push(adjustment);
  return adjustment;
}

function createClient({ apiUrl, issuer: { key, issuerUrl } }: System) {
  const session = (clerkId: string) => signSessionToken(key, { issuerUrl, clerkId });
  const machine = () => signMachineToken(key, { issuerUrl, scope: 'conversions:publish conversions:adjust' });
  const send = (
    path: string,
    sign: () => Promise<string>,
    init: RequestInit,
    more: Record<string, string> = {},
  ) =>
    ask(apiUrl + path, async () => {
      const headers = {
        Authorization: `Bearer ${await sign()}`,
        'Content-Type': 'application/json',
        ...more,
      };
      return { ...init, headers };
    });
  const backend = (method: string, path: string, body: object) =>
    send(path, machine, { method, body: JSON.stringify(body) });
  return {
    backend,
    publish: (body: object) => backend('POST', '/v1/conversions', body),
    firstPage: (clerkId: string, clickId?: string) =>
      send(
        '/v1/me',
        () => session(clerkId),
        {},
        clickId === undefined ? {} : { 'X-Affiliate-Click-Id': clickId },
      ),
    landAgain: (clerkId: string, clickId: string) =>
      send('/v1/me/affiliate-attribution', () => session(clerkId), {
        method: 'PUT',
        // As a browser says it: an event before the landing does not belong to the click.
        body: JSON.stringify({ clickId, clickedAt: new Date() }),
      }),
  };
}
