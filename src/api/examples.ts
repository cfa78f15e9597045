import type { CampaignEvents } from '../domain/campaign-events/registry.js';

/**
 * The example values of /openapi.json. Each works as it stands against `npm start`, which makes this user and these sales
 * (dev/examples.ts).
 */
export const EXAMPLE = {
  clerkId: 'user_example',
  clickId: 'example-click',
  reported: 'sale_subscription:example-1',
  withNewAmount: 'sale_subscription:example-2',
  toReverse: 'sale_subscription:example-3',
  parkedToRetry: 'sale_subscription:example-4',
  parkedToAbandon: 'sale_subscription:example-5',
} as const;

/** A body of publishing for each campaign event. */
export function publishExamples({ all }: CampaignEvents): Record<string, object> {
  return Object.fromEntries(
    all.map(({ id, example }) => [id, { campaignEventId: id, clerkId: EXAMPLE.clerkId, ...example }]),
  );
}
