import { signMachineToken, signSessionToken } from '../sign-token.js';
import { type Asked, ask } from './client.js';
import type { System } from './system.js';
import type { Wanted, WantedAdjustment } from './wanted.js';

export type Currency = keyof typeof MINOR_UNITS;

/** Minor units of one major unit, written down here so that nothing is taken from the product that is under test. */
export const MINOR_UNITS = { USD: 100, EUR: 100, JPY: 1 };

export interface Sold {
  orderId: string;
  cents: number;
  currency: Currency;
  /** By one of the two. */
  buyer: { userId: string } | { clerkId: string };
  /** Of the click that brought the buyer, if one did. */
  clickId: string | undefined;
  /** In milliseconds of the clock; by default now. */
  occurredAt?: number;
}

export type SiteAndShop = ReturnType<typeof openSiteAndShop>;

/** The clients of the API: a website with its users' sessions, and the backend of a shop. */
export function openSiteAndShop(system: System) {
  const { asUser, asBackend } = createSenders(system);
  const firstPage = (clerkId: string, clickId?: string) =>
    asUser(clerkId, '/v1/me', {}, clickId === undefined ? {} : { 'X-Affiliate-Click-Id': clickId });

  return {
    /** @param racing how many other requests of the first page come at the same moment, without the click id */
    async signUp(clerkId: string, clickId: string | undefined, racing = 0): Promise<Wanted> {
      const beside = Array.from({ length: racing }, () => firstPage(clerkId));
      const [asked, ...besides] = await Promise.all([firstPage(clerkId, clickId), ...beside]);
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
    },
    landAgain: (clerkId: string, clickId: string): Promise<Asked> =>
      asUser(clerkId, '/v1/me/affiliate-attribution', {
        method: 'PUT',
        // As a browser says it: an event before the landing does not belong to the click.
        body: JSON.stringify({ clickId, clickedAt: new Date() }),
      }),
    async sell({ orderId, cents, currency, buyer, clickId, ...sold }: Sold): Promise<Wanted> {
      const { occurredAt = Date.now() } = sold;
      const asked = await asBackend('POST', '/v1/conversions', {
        campaignEventId: 'sale_subscription',
        ...buyer,
        orderId,
        totalAmountCents: cents,
        currency,
        occurredAt: new Date(occurredAt).toISOString(),
      });
      return {
        event: 'sale_subscription',
        conversionId: `sale_subscription:${orderId}`,
        orderId,
        clickIds: [clickId ?? null],
        amount: cents / MINOR_UNITS[currency],
        currency,
        occurred: { from: occurredAt, to: occurredAt },
        asked,
        adjustments: [],
        besides: [],
      };
    },
    /** A refund, or a new amount in minor units. */
    async adjust(wanted: Wanted, change: { refund: true } | { cents: number; currency: Currency }) {
      const path = `/v1/conversions/${encodeURIComponent(String(wanted.conversionId))}`;
      const adjustment: WantedAdjustment =
        'refund' in change
          ? {
              kind: 'reversal',
              asked: await asBackend('POST', `${path}/reverse`, { reason: 'ITEM_RETURNED' }),
            }
          : {
              kind: 'amount',
              amount: change.cents / MINOR_UNITS[change.currency],
              asked: await asBackend('PUT', `${path}/amount`, { totalAmountCents: change.cents }),
            };
      wanted.adjustments.push(adjustment);
      return adjustment;
    },
  };
}

function createSenders({ apiUrl, issuer: { key, issuerUrl } }: System) {
  const send = (path: string, sign: () => Promise<string>, init: RequestInit, more = {}) =>
    ask(apiUrl + path, async () => {
      const headers = {
        Authorization: `Bearer ${await sign()}`,
        'Content-Type': 'application/json',
        ...more,
      };
      return { ...init, headers };
    });
  const machine = () => signMachineToken(key, { issuerUrl, scope: 'conversions:publish conversions:adjust' });
  return {
    asUser: (clerkId: string, path: string, init: RequestInit, more?: Record<string, string>) =>
      send(path, () => signSessionToken(key, { issuerUrl, clerkId }), init, more),
    asBackend: (method: string, path: string, body: object) =>
      send(path, machine, { method, body: JSON.stringify(body) }),
  };
}
