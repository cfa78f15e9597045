import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { createApiCaller } from '../support/api-caller.js';
import { type Processes, startProcesses } from '../support/processes.js';

/** A real company's programme, on the built service: nothing but PROGRAMME_FILE and an event's name is its own. */

const CLERK_ID = 'user_jane';
const FIRST_CLICK = '3t6RuJ:x0-first';
const RENEWALS = 12;
const MONTHS_13 = 396 * 86_400_000;

let processes: Processes;
let api: ReturnType<typeof createApiCaller>;
let userId: string;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  processes = await startProcesses({ PROGRAMME_FILE: await impatient('examples/programme.json') });
  await processes.sandbox.settings({ programmes: { 50754: [71655, 71656, 71658, 71659] } });
  const started = await processes.startApi();
  const quick = { IMPACT_CONFIRM: 'on', IMPACT_CONFIRM_AFTER: '0.1', IMPACT_MAX_READS_PER_HOUR: '360000' };
  const worker = await processes.startWorker(quick);
  stops.push(worker.stop, started.stop);
  api = processes.callApi(started.url);
  await tellTheStory();
}, 120_000);

afterAll(async () => {
  await Promise.all(stops.map((stop) => stop()));
  await processes.stop();
});

/** The same programme, whose children wait for seconds in place of minutes. */
async function impatient(path: string): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-programme-'));
  stops.push(() => rm(directory, { recursive: true }));
  const file = join(directory, 'programme.json');
  const text = await readFile(path, 'utf8');
  const programme = JSON.parse(text, (key, value) =>
    key !== 'events'
      ? value
      : Object.fromEntries(
          Object.entries(value as Record<string, { after?: string }>).map(([id, event]) => [
            id,
            event.after ? { ...event, afterMinutes: 0.02 } : event,
          ]),
        ),
  );
  await writeFile(file, JSON.stringify(programme));
  return file;
}

const renewal = (month: number) => `in_${month}`;

function saleOf(orderId: string, more: object = {}) {
  const items = [{ sku: 'price_team', category: 'team', name: 'Team', quantity: 1, subtotalCents: 4900 }];
  return {
    campaignEventId: 'sale',
    clerkId: CLERK_ID,
    orderId,
    totalAmountCents: 4900,
    currency: 'usd',
    items,
    customerStatus: 'existing',
    ...more,
  };
}

async function tellTheStory(): Promise<void> {
  const lead = (campaignEventId: string) => api.publish({ campaignEventId, clerkId: CLERK_ID });
  // The backend is faster than the first page: the service does not know the user yet.
  await lead('trial_start');
  ({ userId } = (await api.me(CLERK_ID, FIRST_CLICK)).body);
  await api.setAttribution(CLERK_ID, { clickId: 'later-click' });
  await lead('trial_end');
  await api.publish(
    saleOf('in_0', {
      totalAmountCents: 4410,
      discountCents: 490,
      taxCents: 838,
      promoCode: 'SAVE10',
      customerStatus: 'new',
      customerEmail: ' Jane@Example.com',
    }),
  );
  await processes.db.users.updateOne(
    { clerkId: CLERK_ID },
    { $set: { 'attributionHistory.0.capturedAt': new Date(Date.now() - MONTHS_13) } },
  );
  for (let month = 1; month <= RENEWALS; month += 1) await api.publish(saleOf(renewal(month)));
}

async function untilConfirmed(id: string) {
  await expect.poll(() => processes.status(id), { timeout: 60_000, interval: 250 }).toBe('confirmed');
}

async function sentTo(orderId: string) {
  const conversions = await processes.sandbox.conversions(orderId);
  expect(conversions).toHaveLength(1);
  return conversions[0]?.fields;
}

async function arrivalOf(orderId: string): Promise<number> {
  const [request] = await processes.sandbox.requests(orderId);
  return Date.parse(request?.receivedAt ?? '');
}

describe('a programme that only its file describes', () => {
  it('credits the first click with the signup, the trial and its end', async () => {
    for (const [event, tracker] of [
      ['visit_signup', '71655'],
      ['trial_start', '71656'],
      ['trial_end', '71658'],
    ] as const) {
      await untilConfirmed(`${event}:${userId}`);
      expect(await sentTo(`${event}-${userId}`)).toMatchObject({
        CampaignId: '50754',
        ActionTrackerId: tracker,
        ClickId: FIRST_CLICK,
        CustomerId: userId,
      });
    }
  });

  it('sends the sale with its plan, promo code and hashed e-mail address', async () => {
    await untilConfirmed('sale:in_0');
    expect(await sentTo('in_0')).toMatchObject({
      ActionTrackerId: '71659',
      ClickId: FIRST_CLICK,
      ItemSku1: 'price_team',
      ItemCategory1: 'team',
      ItemName1: 'Team',
      ItemQuantity1: '1',
      ItemSubTotal1: '49.00',
      OrderDiscount: '4.90',
      OrderTax: '8.38',
      OrderPromoCode: 'SAVE10',
      CurrencyCode: 'USD',
      CustomerStatus: 'New',
      CustomerEmail: createHash('sha1').update('jane@example.com').digest('hex'),
    });
    expect(await processes.sandbox.actions('in_0')).toMatchObject([{ Amount: 44.1 }]);
  });

  it('sends no child before its parent', async () => {
    const signedUp = await arrivalOf(`visit_signup-${userId}`);
    for (const child of [`trial_start-${userId}`, 'in_0', renewal(1)])
      expect(await arrivalOf(child)).toBeGreaterThan(signedUp);
  });

  it('reports twelve renewals, a year after the click, and says of a repeated one that it is there', async () => {
    for (let month = 1; month <= RENEWALS; month += 1) {
      await untilConfirmed(`sale:${renewal(month)}`);
      expect(await sentTo(renewal(month))).toMatchObject({ ClickId: FIRST_CLICK });
    }
    expect((await api.publish(saleOf(renewal(7)))).body).toMatchObject({
      conversionId: 'sale:in_7',
      duplicate: true,
    });
  });

  it('takes the disputed renewal back, and no other', async () => {
    await api.reverse(`sale:${renewal(7)}`, { reason: 'REJECTED' });
    await expect.poll(() => processes.status(`sale:${renewal(7)}`), { timeout: 30_000 }).toBe('reversed');
    const actions = (await processes.sandbox.actions()).filter(({ Amount }) => Amount > 0);
    expect(actions).toHaveLength(RENEWALS);
    expect(await processes.sandbox.actions(renewal(7))).toMatchObject([{ State: 'REVERSED', Amount: 0 }]);
  });
});
