import type Stripe from 'stripe';
import { DomainError } from '../../domain/errors.js';

export type SignedEvent = Pick<Stripe.Event, 'id' | 'account' | 'created'> & {
  type: string;
  data: { object: unknown };
};

/** @throws DomainError `stripe_signature_invalid`, `stripe_event_unreadable` */
export type VerifyEvent = (body: Buffer, header: string) => Promise<SignedEvent>;

/** Stripe's own default, and the age at which it repeats a delivery with a new signature. */
const TOLERANCE_SECONDS = 300;

/**
 * The official package checks the signature over the body as it came. It is loaded only where Stripe is a source.
 * @param secrets while one is rotated, Stripe signs with both
 */
export async function createVerifyEvent(secrets: readonly string[]): Promise<VerifyEvent> {
  const { default: StripePackage } = await import('stripe');
  const { webhooks, errors } = StripePackage;
  return async (body, header) => {
    if (!mayBeSigned(header)) throw notSigned();
    for (const secret of secrets) {
      try {
        const event = await webhooks.constructEventAsync(body, header, secret, TOLERANCE_SECONDS);
        return readEvent(event);
      } catch (error) {
        if (error instanceof errors.StripeSignatureVerificationError) continue;
        if (error instanceof DomainError) throw error;
        throw unreadable((error as Error).message);
      }
    }
    throw notSigned();
  };
}

/** Tells junk and old signatures from the header alone, before a large body is read. */
export function mayBeSigned(header: string | undefined): header is string {
  const [, seconds] = /(?:^|,)t=(\d{1,12})(?:,|$)/.exec(header ?? '') ?? [];
  const isRecent = Date.now() / 1_000 - Number(seconds) <= TOLERANCE_SECONDS + 1;
  return isRecent && /(?:^|,)v1=[0-9a-f]{64}(?:,|$)/.test(header ?? '');
}

/** One answer for all that can be wrong, as it would help to forge a signature. */
export function notSigned(): DomainError {
  const words =
    'The header Stripe-Signature has no signature of this body with a secret of the endpoint that is young enough. ' +
    'Check STRIPE_WEBHOOK_SECRET, and that nothing on the way changes the body.';
  return new DomainError('stripe_signature_invalid', words);
}

function readEvent(event: Stripe.Event): SignedEvent {
  const { id, type, created, data } = event;
  if (typeof id === 'string' && typeof type === 'string' && Number.isInteger(created) && data) return event;
  throw unreadable('it has no id, type, time or data');
}

function unreadable(what: string): DomainError {
  return new DomainError('stripe_event_unreadable', `The body is no event of Stripe: ${what}.`);
}
