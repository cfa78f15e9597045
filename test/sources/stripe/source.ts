import { pino } from 'pino';
import { payloadWith } from '../../../src/domain/adjustment.js';
import type { Conversion } from '../../../src/domain/conversion.js';
import { defaultProgramme } from '../../../src/domain/programme/default-programme.js';
import { createMetrics } from '../../../src/metrics.js';
import type { Database } from '../../../src/mongo.js';
import type { StripeConfig } from '../../../src/sources/stripe/deps.js';
import { createStripeSource } from '../../../src/sources/stripe/index.js';
import { openFreshDatabase } from '../../support/mongo.js';
import { testStripe } from '../../support/stripe-source.js';
import { userIdOf } from '../../support/user-id.js';
import type { Order, TestEvent } from './events.js';

export type TestSource = Awaited<ReturnType<typeof openTestSource>>;

/** The source with a database of its own, without HTTP: what receives an event whose signature was checked. */
export async function openTestSource(config: Partial<StripeConfig> = {}, programme = defaultProgramme) {
  const db = await openFreshDatabase();
  const metrics = createMetrics();
  const woken: string[] = [];
  const source = await createStripeSource({
    db,
    metrics,
    programme,
    userIdOf,
    signupGraceMs: 0,
    logger: pino({ level: 'silent' }),
    stripe: { ...testStripe(programme), ...config },
    wake: ({ _id }: Conversion) => woken.push(_id),
  });
  const idOf = ({ invoice }: Order) => `sale_subscription:${invoice}`;
  const conversionOf = (order: Order): Promise<Conversion | null> =>
    db.conversions.findById(idOf(order)).lean();
  return {
    db,
    metrics,
    woken,
    receive: (event: TestEvent) => source.receive(event as never),
    idOf,
    conversionOf,
    kept: (id: string) => db.stripeObjects.findById(id).lean(),
    /** What Impact would be paid on now. */
    async leftOf(order: Order) {
      const conversion = await conversionOf(order);
      if (conversion?.status === 'reversed') return 'reversed';
      return conversion && payloadWith(conversion, 'wanted').totalAmountCents;
    },
    close: () => db.close(),
  };
}

/** A user who came through a partner link an hour ago. */
export async function buyer({ users }: Database, clerkId: string): Promise<string> {
  const at = new Date(Date.now() - 3_600_000);
  const click = { provider: 'impact', clickId: 'abc', capturedAt: at } as const;
  await users.create({
    _id: userIdOf(clerkId),
    clerkId,
    attribution: { impact: { clickId: 'abc', capturedAt: at } },
    attributionHistory: [click],
    createdAt: at,
    updatedAt: at,
  });
  return userIdOf(clerkId).toHexString();
}
