import type { Outcome, StripeDeps } from './deps.js';
import { receiveEvent } from './receive-event.js';
import { createVerifyEvent, type SignedEvent, type VerifyEvent } from './verify-event.js';

/** Stripe as a source of sales. */
export interface StripeSource {
  verify: VerifyEvent;
  receive: (event: SignedEvent) => Promise<Outcome>;
}

export async function createStripeSource(deps: StripeDeps): Promise<StripeSource> {
  return {
    verify: await createVerifyEvent(deps.stripe.secrets),
    receive: (event) => receiveEvent(deps, event),
  };
}
