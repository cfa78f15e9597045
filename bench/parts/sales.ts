import { quantile } from '../../dev/quantile.js';
import { campaignEvents } from '../../src/domain/campaign-events/index.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import { openDatabase } from '../../src/mongo.js';
import { startBenchMongod } from '../support/fixtures.js';

/**
 * Sales of one user do not wait for each other: times 60 sales at once of one user, and of 60 users, in turn. The ratio
 * is about 1.
 *
 *   node --import tsx bench/sales.ts
 */

const ROUNDS = 20;
const AT_ONCE = 60;

const mongod = await startBenchMongod();
const db = await openDatabase(mongod.uri);
const deps = { db, campaignEvents, signupGraceMs: 60_000 };
const clerkIds = Array.from({ length: AT_ONCE }, (_, index) => `user_${index}`);
const at = new Date();
const click = { clickId: 'click', capturedAt: at };
const user = { attribution: { impact: click }, createdAt: at, updatedAt: at };
await db.users.create(clerkIds.map((clerkId) => ({ ...user, clerkId })));

const times: Record<'one user' | 'many users', number[]> = { 'one user': [], 'many users': [] };
// The first rounds warm the process up and are not counted.
for (let round = -3; round < ROUNDS; round += 1) {
  const many = await timeSales(round, clerkIds);
  const one = await timeSales(
    round,
    clerkIds.map(() => 'user_0'),
  );
  if (round < 0) continue;
  times['many users'].push(many);
  times['one user'].push(one);
}
const median = (name: keyof typeof times) => quantile(times[name], 0.5) ?? Number.NaN;
const ratio = median('one user') / median('many users');
console.log(`${AT_ONCE} sales at once: one user takes ${ratio.toFixed(2)} times as long as ${AT_ONCE} users`);

await db.close();
await mongod.stop();

/** @returns the milliseconds until the last answer */
async function timeSales(round: number, buyers: readonly string[]): Promise<number> {
  const start = performance.now();
  await Promise.all(
    buyers.map((clerkId, index) =>
      publishConversion(deps, {
        campaignEventId: 'sale_subscription',
        user: { clerkId },
        payload: {
          orderId: `${buyers[1]}-${round}-${index}`,
          totalAmountCents: 4_900,
          currency: 'USD',
        },
      }),
    ),
  );
  return performance.now() - start;
}
