import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import { type Database, openDatabase } from '../../src/mongo.js';
import { createUserIdOf } from '../../src/users/user-id.js';
import type { Part } from '../part.js';
import { startBenchMongod } from '../support/fixtures.js';
import { median } from '../support/median.js';

/** Sales of one user do not wait for each other. */
export const sales: Part = {
  about: 'sales of one user at once, beside as many of different users',
  async run(report, { quick }) {
    const mongod = await startBenchMongod();
    const db = await openDatabase(mongod.uri);
    await createBuyers(db);
    const times: Record<'one' | 'many', number[]> = { one: [], many: [] };
    // The first rounds warm the process up and are not counted.
    for (let round = -3; round < (quick ? 5 : 20); round += 1) {
      const many = await timeSales(db, round, CLERK_IDS);
      const one = await timeSales(
        db,
        round,
        CLERK_IDS.map(() => 'user_0'),
      );
      if (round < 0) continue;
      times.many.push(many);
      times.one.push(one);
    }
    report.row({
      work: `${AT_ONCE} sales of one user at once`,
      unit: 'ms',
      measured: median(times.one),
      baseline: { what: `of ${AT_ONCE} users`, value: median(times.many) },
      goal: { atMost: 1.3 },
    });
    await db.close();
    await mongod.stop();
  },
};

const AT_ONCE = 60;
const CLERK_IDS = Array.from({ length: AT_ONCE }, (_, index) => `user_${index}`);

async function createBuyers(db: Database): Promise<void> {
  const at = new Date();
  const user = {
    attribution: { impact: { clickId: 'click', capturedAt: at } },
    createdAt: at,
    updatedAt: at,
  };
  await db.users.create(CLERK_IDS.map((clerkId) => ({ ...user, clerkId })));
}

/** @returns the milliseconds until the last answer */
async function timeSales(db: Database, round: number, buyers: readonly string[]): Promise<number> {
  const deps = { db, programme, userIdOf: createUserIdOf('bench'), signupGraceMs: 60_000 };
  const start = performance.now();
  await Promise.all(
    buyers.map((clerkId, index) =>
      publishConversion(deps, {
        campaignEventId: 'sale_subscription',
        user: { clerkId },
        payload: { orderId: `${buyers[1]}-${round}-${index}`, totalAmountCents: 4_900, currency: 'USD' },
      }),
    ),
  );
  return performance.now() - start;
}
