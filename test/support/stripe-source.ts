import Stripe from 'stripe';
import type { Programme } from '../../src/domain/programme/programme.js';
import type { StripeConfig } from '../../src/sources/stripe/deps.js';

/** Of the endpoint that tests have at Stripe. */
export const ENDPOINT_SECRET = 'whsec_of_the_tests_endpoint';

export function testStripe({ all }: Programme): StripeConfig {
  const saleEvent = all.find(({ type }) => type === 'sale');
  if (!saleEvent) throw new Error('the programme of the test has no sale');
  return { secrets: [ENDPOINT_SECRET], saleEvent, amount: 'without_tax' };
}

interface Signing {
  secret?: string;
  /** Seconds since 1970. */
  timestamp?: number;
}

/** The header that Stripe sends with a body. */
export function signatureOf(payload: string, { secret = ENDPOINT_SECRET, timestamp }: Signing = {}): string {
  return Stripe.webhooks.generateTestHeaderString({
    payload,
    secret,
    ...(timestamp === undefined ? {} : { timestamp }),
  });
}

/** Delivers an event over HTTP, as Stripe does. */
export async function deliver(apiUrl: string, event: object, signing?: Signing) {
  const payload = JSON.stringify(event);
  const response = await fetch(`${apiUrl}/v1/sources/stripe`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'Stripe-Signature': signatureOf(payload, signing),
    },
    body: payload,
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the API answered.
  return { status: response.status, headers: response.headers, body: (await response.json()) as any };
}
