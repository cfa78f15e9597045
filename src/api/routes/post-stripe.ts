import { z } from 'zod';
import { IGNORED_REASONS } from '../../sources/stripe/deps.js';
import type { StripeSource } from '../../sources/stripe/index.js';
import { HELD_REASONS } from '../../sources/stripe/kept-object.model.js';
import { mayBeSigned, notSigned, type SignedEvent } from '../../sources/stripe/verify-event.js';
import { readSignedBody } from '../read-input.js';
import { defineRoute } from '../route.js';

const reasons = { ...HELD_REASONS, ...IGNORED_REASONS };

const receivedEvent = z
  .object({
    received: z.literal(true),
    result: z
      .enum(['recorded', 'held', 'ignored'])
      .describe('`held`: it is kept, and waits for another event, or for a human.'),
    reason: z
      .enum(Object.keys(reasons) as (keyof typeof reasons)[])
      .optional()
      .describe(`Why it is held or ignored. ${words(HELD_REASONS)}; ${words(IGNORED_REASONS)}.`),
    conversionId: z.string().optional().describe('Of the sale that it is about, if that is known.'),
  })
  .meta({ id: 'ReceivedEvent' });

function words(of: Readonly<Record<string, string>>): string {
  return Object.entries(of)
    .map(([code, meaning]) => `\`${code}\`: ${meaning}`)
    .join('; ');
}

export function postStripe(stripe: StripeSource) {
  return defineRoute({
    method: 'post',
    path: '/v1/sources/stripe',
    operationId: 'sources.stripe',
    summary: 'Receive an event of Stripe',
    description:
      'For a webhook endpoint of Stripe. A paid invoice is a sale, and a refund or a dispute changes it, in whatever order the ' +
      'events come, and however often. An event that this service cannot use is acknowledged as well; what it cannot keep now, ' +
      'Stripe delivers again.',
    access: 'signature',
    body: z.looseObject({
      id: z.string(),
      object: z.literal('event'),
      type: z.string(),
      created: z.int(),
      data: z.object({ object: z.record(z.string(), z.unknown()) }),
    }),
    async verify(request, response) {
      const header = request.get('Stripe-Signature');
      if (!mayBeSigned(header)) throw notSigned();
      return stripe.verify(await readSignedBody(request, response), header);
    },
    success: { status: 200, description: 'Stripe does not deliver it again.', schema: receivedEvent },
    problems: ['stripe_signature_invalid', 'stripe_event_unreadable', 'concurrent_update'],
    async handle({ body }) {
      return { received: true, ...(await stripe.receive(body as unknown as SignedEvent)) };
    },
  });
}
