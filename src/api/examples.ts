import { conversionId } from '../domain/conversion.js';
import { findingId } from '../domain/findings.js';
import type { Programme } from '../domain/programme/programme.js';

/**
 * The example values of /openapi.json. Each works as it stands against `npm start`, which makes this user and these sales
 * (dev/examples.ts).
 */
export const EXAMPLE = {
  clerkId: 'user_example',
  clickId: 'example-click',
  /** Of a person whom an example erases. */
  erasedClerkId: 'user_example_to_erase',
} as const;

const SALES = {
  reported: 'example-1',
  withNewAmount: 'example-2',
  toReverse: 'example-3',
  parkedToRetry: 'example-4',
  parkedToAbandon: 'example-5',
} as const;

export type ExampleSale = keyof typeof SALES;

/** The conversion ids of the sales; none, if the programme has no event of the type sale. */
export function exampleSales({ all }: Programme): Partial<Record<ExampleSale, string>> {
  const sale = all.find(({ type }) => type === 'sale');
  if (!sale) return {};
  return Object.fromEntries(
    Object.entries(SALES).map(([name, orderId]) => [name, conversionId(sale.id, orderId)]),
  );
}

/** A body of publishing for each campaign event, and one with all its fields. */
export function publishExamples({ all }: Programme): Record<string, object> {
  return Object.fromEntries(
    all.flatMap(({ id: campaignEventId, example, fullExample }) => {
      const who = { campaignEventId, clerkId: EXAMPLE.clerkId };
      const least = [campaignEventId, { ...who, ...example }] as const;
      return fullExample ? [least, [`${campaignEventId}_in_full`, { ...who, ...fullExample }]] : [least];
    }),
  );
}

/** The finding of an audit of these sales: one buyer bought for one amount several times within an hour. */
export function exampleFinding(programme: Programme): string | undefined {
  const sale = programme.all.find(({ type }) => type === 'sale');
  return sale && findingId('possible_duplicate', sale.actionTrackerId, SALES.parkedToRetry);
}
