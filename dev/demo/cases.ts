import { auditTable } from '../../src/cli/audit-output.js';
import { countFindings } from '../../src/domain/audit.js';
import { conversionId, workflowId } from '../../src/domain/conversion.js';
import { runAudit } from '../../src/operations/run-audit.js';
import type { DemoClient } from './client.js';
import { follow, latestRun, note, temporalUiLink, untilStatusIsNot } from './follow.js';
import { operate, parkSale } from './park.js';

interface Case {
  title: string;
  run(client: DemoClient): Promise<void>;
}

const DAY_MS = 86_400_000;

/** Its order id is the invoice's: each renewal has its own. */
const RENEWAL = {
  campaignEventId: 'renewal',
  clerkId: 'user_trial',
  orderId: 'in_1007',
  totalAmountCents: 4410,
  currency: 'usd',
  discountCents: 490,
  items: [{ sku: 'price_team', category: 'team', quantity: 1, subtotalCents: 4900 }],
  promoCode: 'SAVE10',
  customerStatus: 'existing',
  customerEmail: 'jane@example.com',
};

/** What the service does, one story at a time. Each throws if its story ends in another way. */
export const CASES: readonly Case[] = [
  {
    title: 'A visitor came through a partner link (?im_ref=3t6RuJ:x0-xyNWQ) and signs up',
    async run(client) {
      const { userId } = await client.firstPage('user_partner', '3t6RuJ:x0-xyNWQ');
      await reported(client, `signup:${userId}`, `signup-${userId}`, '3t6RuJ:x0-xyNWQ');
    },
  },
  {
    title: 'An organic visitor signs up: no click id, so no workflow, and nothing is sent',
    async run(client) {
      const { userId } = await client.firstPage('user_organic');
      await skipped(client, `signup:${userId}`, `signup-${userId}`, 'no_attribution');
    },
  },
  {
    title: 'The user from the partner link buys a subscription for 49.00 USD',
    async run(client) {
      const { userId } = await client.firstPage('user_partner');
      const { conversionId } = await client.sell(userId, 'order-1001');
      await reported(client, conversionId, 'order-1001', '3t6RuJ:x0-xyNWQ');
    },
  },
  {
    title: 'The subscription is returned: POST /v1/conversions/sale_subscription:order-1001/reverse',
    run: (client) =>
      takenBack(client, conversionId('sale_subscription', 'order-1001'), 'order-1001', 'ITEM_RETURNED'),
  },
  {
    title: 'A sale 31 days after the click (the click is set back in MongoDB for this): outside the window',
    async run(client) {
      const { userId } = await client.firstPage('user_late', 'late-click');
      await setClickBack(client, userId, 31);
      const { conversionId } = await client.sell(userId, 'order-1002');
      await skipped(client, conversionId, 'order-1002', 'outside_referral_window');
    },
  },
  {
    title: 'A user signs up through click A, comes back through click B, and buys: the last click wins',
    async run(client) {
      const { userId } = await client.firstPage('user_returning', 'click-A');
      await client.landAgain('user_returning', 'click-B');
      const { conversionId } = await client.sell(userId, 'order-1003');
      console.log('   the signup');
      await reported(client, `signup:${userId}`, `signup-${userId}`, 'click-A');
      console.log('   the sale');
      await reported(client, conversionId, 'order-1003', 'click-B');
    },
  },
  {
    title:
      'A trial starts in the second of the signup: it waits until Impact has had the signup for 3 seconds',
    async run(client) {
      const { userId } = await client.firstPage('user_trial', 'click-trial');
      const { conversionId } = await client.publish({ campaignEventId: 'trial_start', userId });
      await reported(client, conversionId, `trial_start-${userId}`, 'click-trial');
    },
  },
  {
    title:
      'Its renewal, 7 months after the click (set back in MongoDB), with plan, promo code and e-mail address',
    async run(client) {
      await setClickBack(client, (await client.firstPage('user_trial')).userId, 210);
      const { conversionId } = await client.publish(RENEWAL);
      await reported(client, conversionId, RENEWAL.orderId, 'click-trial');
    },
  },
  {
    title: 'The bank disputes that renewal: POST /v1/conversions/renewal:in_1007/reverse',
    run: (client) => takenBack(client, conversionId('renewal', RENEWAL.orderId), RENEWAL.orderId, 'REJECTED'),
  },
  {
    title:
      'Impact refuses a sale (a fault of the sandbox): it parks, is explained and retried, and goes through',
    run: retried,
  },
  {
    title: 'The daily audit: does the ledger agree with the Actions that the sandbox lists?',
    run: audited,
  },
];

async function reported(
  client: DemoClient,
  id: string,
  orderId: string,
  clickId: string,
  printed = 0,
): Promise<void> {
  const { status, workflowId } = await follow(client, id, { printed });
  if (status !== 'confirmed') throw new Error(`${id} is ${status}, not confirmed`);
  const received = await client.sandbox.conversions(orderId);
  const [conversion] = received;
  if (!conversion || received.length > 1)
    throw new Error(`the sandbox received ${orderId} ${received.length} times`);
  if (conversion.fields.ClickId !== clickId)
    throw new Error(`${orderId} carries click ${conversion.fields.ClickId}`);
  const fields = Object.entries(conversion.fields).map(([name, value]) => `${name}=${value}`);
  note('sandbox', `received ${fields.join(' ')}`);
  note('', `answered ${conversion.answer.status} ${JSON.stringify(conversion.answer.body)}`);
  note('see it at', await temporalUiLink(client, workflowId));
}

async function skipped(client: DemoClient, id: string, orderId: string, reason: string): Promise<void> {
  const conversion = await follow(client, id);
  if (conversion.reason !== reason) throw new Error(`${id} is ${conversion.status}, ${conversion.reason}`);
  const received = await client.sandbox.conversions(orderId);
  if (received.length > 0) throw new Error(`the sandbox received ${orderId}`);
  note('ledger', `${conversion.status}: ${reason}`);
  note('sandbox', 'received nothing');
}

async function takenBack(
  client: DemoClient,
  conversionId: string,
  orderId: string,
  reason: 'ITEM_RETURNED' | 'REJECTED',
): Promise<void> {
  const reported = await latestRun(client, workflowId(conversionId));
  await client.reverse(conversionId, reason);
  const { status, adjustments = [] } = await follow(client, conversionId, { after: reported });
  const adjustment = adjustments.at(-1);
  const [action, ...others] = await client.sandbox.actions(orderId);
  if (status !== 'reversed' || adjustment?.status !== 'confirmed')
    throw new Error(`${conversionId} is ${status}, its reversal ${adjustment?.status}`);
  if (action?.State !== 'REVERSED' || others.length > 0)
    throw new Error(`the sandbox has ${orderId} as ${action?.State}, and ${others.length} more`);
  note('ledger', `${status}: the ${adjustment.kind} (${adjustment.reason}) is ${adjustment.status}`);
  note('sandbox', `has action ${action.Id} as ${action.State}, Amount=${action.Amount}`);
  note('see it at', await temporalUiLink(client, workflowId(conversionId)));
}

async function retried(client: DemoClient): Promise<void> {
  const { userId } = await client.firstPage('user_partner');
  const { conversionId: id, printed } = await parkSale(client, userId, 'order-1004');
  await operate(client, 'explain', id);
  await client.sandbox.clearFaults('order-1004');
  note('sandbox', 'takes the order from now on, as if the cause at Impact were fixed');
  await operate(client, 'retry', id);
  await untilStatusIsNot(client, id, 'parked');
  await reported(client, id, 'order-1004', '3t6RuJ:x0-xyNWQ', printed);
}

/** What `npm run -s conversions -- audit` prints. */
async function audited(client: DemoClient): Promise<void> {
  const [from, to] = [-DAY_MS, DAY_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  const window = { from: String(from), to: String(to) };
  const say = (line: string) => note('audit', line);
  const summary = await runAudit(client.temporal, window, { patienceMs: 30_000, say });
  console.log(auditTable(summary).replace(/^(?=.)/gm, '   '));
  if (countFindings(summary) > 0) throw new Error('the audit has found differences');
}

/** A demo cannot wait for days. */
async function setClickBack(client: DemoClient, userId: string, days: number): Promise<void> {
  const capturedAt = new Date(Date.now() - days * DAY_MS);
  await client.db.users.updateOne(
    { _id: userId },
    { $set: { 'attribution.impact.capturedAt': capturedAt, 'attributionHistory.0.capturedAt': capturedAt } },
  );
}
