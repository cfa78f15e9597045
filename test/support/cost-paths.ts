import type { ConversionStatus } from '../../src/domain/conversion.js';
import { REFUSAL } from './refusal.js';
import type { Stack } from './stack.js';

/** One way of a conversion from the request to its end. */
export interface CostPath {
  /** Whether the worker asks Impact for the outcome. */
  confirms: boolean;
  /** What Impact does. */
  prepare?(stack: Stack): Promise<void>;
  /** @returns the conversion's id, if there is one */
  run(stack: Stack, until: Until): Promise<string | undefined>;
  endsAs?: ConversionStatus;
}

/** These ask Temporal, because a read of the ledger would be counted. */
export interface Until {
  parked(id: string): Promise<void>;
  /** The workflow, or another run of it, has ended. */
  ended(id: string): Promise<void>;
}

/** Has an attribution, and buys in some of the paths. */
export const BUYER = 'buyer';

export const COST_PATHS: Record<string, CostPath> = {
  'known user': {
    confirms: false,
    run: (stack) => stack.api.me(BUYER).then(() => undefined),
  },
  'signup, skipped': {
    confirms: false,
    run: (stack) => signUp(stack, 'skipped'),
    endsAs: 'skipped',
  },
  'signup, reported': {
    confirms: false,
    run: (stack, until) => signUpWithClick(stack, until, 'reported'),
    endsAs: 'submitted',
  },
  'signup, confirmed': {
    confirms: true,
    run: (stack, until) => signUpWithClick(stack, until, 'confirmed'),
    endsAs: 'confirmed',
  },
  'sale, confirmed': {
    confirms: true,
    run: (stack, until) => buy(stack, until, 'confirmed'),
    endsAs: 'confirmed',
  },
  'sale, declined': {
    confirms: true,
    prepare: (stack) => stack.sandbox.plan({ orderId: 'declined', errorReason: 'OTHER_REF_PRIORITIZED' }),
    run: (stack, until) => buy(stack, until, 'declined'),
    endsAs: 'declined',
  },
  'sale, parked, retried and confirmed': {
    confirms: true,
    prepare: (stack) => stack.sandbox.fault({ ...REFUSAL, orderId: 'retried' }),
    async run(stack, until) {
      const id = await publish(stack, 'retried');
      await until.parked(id);
      await stack.api.retry(id);
      await until.ended(id);
      return id;
    },
    endsAs: 'confirmed',
  },
  'sale, confirmed and refunded': {
    confirms: true,
    async run(stack, until) {
      const id = await buy(stack, until, 'refunded');
      await stack.api.reverse(id);
      await until.ended(id);
      return id;
    },
    endsAs: 'reversed',
  },
};

async function signUp(stack: Stack, clerkId: string, clickId?: string): Promise<string> {
  const { body: user } = await stack.api.me(clerkId, clickId);
  return `signup:${user.userId}`;
}

async function signUpWithClick(stack: Stack, until: Until, clerkId: string): Promise<string> {
  const id = await signUp(stack, clerkId, 'click');
  await until.ended(id);
  return id;
}

async function buy(stack: Stack, until: Until, orderId: string): Promise<string> {
  const id = await publish(stack, orderId);
  await until.ended(id);
  return id;
}

async function publish(stack: Stack, orderId: string): Promise<string> {
  const sale = { campaignEventId: 'sale_subscription', orderId, totalAmountCents: 4_900, currency: 'USD' };
  const { body } = await stack.api.publish({ ...sale, clerkId: BUYER });
  return body.conversionId;
}
