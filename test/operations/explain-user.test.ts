import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import type { Database } from '../../src/mongo.js';
import { explainUser } from '../../src/operations/explain-user.js';
import { syncUser } from '../../src/users/sync-user.js';
import { updateAffiliateAttribution } from '../../src/users/update-affiliate-attribution.js';
import { openFreshDatabase } from '../support/mongo.js';
import { programmeWith } from '../support/programme.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const deps = () => ({ db, programme, userIdOf, signupGraceMs: 60_000 });

function sell(clerkId: string, occurredAt = new Date()) {
  const payload = { orderId: randomUUID(), totalAmountCents: 4900, currency: 'USD' };
  return publishConversion(deps(), {
    campaignEventId: 'sale_subscription',
    user: { clerkId },
    occurredAt,
    payload,
  });
}

/** A user who signs up with click a, buys, comes with click b, and buys again. */
async function buyWithTwoClicks() {
  const clerkId = `user_${randomUUID()}`;
  await syncUser(deps(), { clerkId, clickId: 'a' });
  await sell(clerkId);
  const { user } = await updateAffiliateAttribution(deps(), { clerkId, clickId: 'b' });
  await sell(clerkId);
  return user;
}

it("a user's clicks are shown, oldest first, and each conversion with the click that it has", async () => {
  const user = await buyWithTwoClicks();
  const explained = await explainUser(deps(), user.clerkId);
  expect(explained).toMatchObject({
    clerkId: user.clerkId,
    userId: user._id.toHexString(),
    clicks: [{ clickId: 'a' }, { clickId: 'b' }],
    hasForgottenClicks: false,
    hasMore: false,
  });
  const clicks = explained.conversions.map(({ campaignEventId, clickId, why }) => [
    campaignEventId,
    clickId,
    why.code,
  ]);
  expect(clicks).toEqual([
    ['sale_subscription', 'b', 'last_click'],
    ['sale_subscription', 'a', 'last_click'],
    ['signup', 'a', 'last_click'],
  ]);
});

it('the sale of the second click says which click it replaced', async () => {
  const user = await buyWithTwoClicks();
  const [sale] = (await explainUser(deps(), user.clerkId)).conversions;
  const [a, b] = user.attributionHistory ?? [];
  expect(sale?.why.text).toContain(`is click b (captured ${b?.capturedAt.toISOString()})`);
  expect(sale?.why.text).toContain(`It replaced click a (captured ${a?.capturedAt.toISOString()})`);
});

it('a conversion keeps its click where the programme changes its rule, and says so', async () => {
  const { clerkId } = await buyWithTwoClicks();
  const first = programmeWith({}, { attribution: 'first_click' });
  const { conversions } = await explainUser({ ...deps(), programme: first }, clerkId);
  expect(conversions.map(({ why }) => why.code)).toEqual(['as_recorded', 'first_click', 'first_click']);
});

it('a sale from before the first click says so', async () => {
  const clerkId = `user_${randomUUID()}`;
  await syncUser(deps(), { clerkId, clickId: 'a' });
  await sell(clerkId, new Date(Date.now() - 3_600_000));
  const { conversions } = await explainUser(deps(), clerkId);
  expect(conversions[0]).toMatchObject({ reason: 'click_after_event', why: { code: 'click_after_event' } });
});

it('a user whom this service has not seen is not found, nor a user id', async () => {
  const user = await buyWithTwoClicks();
  for (const id of ['user_nobody', user._id.toHexString()])
    await expect(explainUser(deps(), id)).rejects.toMatchObject({ code: 'user_not_found' });
});
