import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ConversionStatus } from '../../src/domain/conversion.js';
import { FINDINGS } from '../../src/domain/findings.js';
import { outcomeOf } from '../../src/domain/outcome.js';
import { runAudit } from '../../src/operations/run-audit.js';
import { launchChromium } from '../browser/support/launch-chromium.js';
import { REFUSAL } from '../support/refusal.js';
import { type Stack, startStack } from '../support/stack.js';
import { until } from '../support/until.js';
import { type Manager, openAsManager, openConsole, signIn, takeScreenshot } from './open-console.js';

const DAY_MS = 86_400_000;

let stack: Stack;
let browser: Browser;
let manager: Manager;
let page: Page;

beforeAll(async () => {
  [stack, browser] = await Promise.all([startStack({ console: {}, confirmAfterMs: 1 }), launchChromium()]);
  manager = await openAsManager(browser, stack);
  page = manager.page;
});
afterAll(async () => {
  await manager.close();
  await browser.close();
  await stack.stop();
});

/** Somebody whom a click brought, and who has not bought yet. */
async function customer() {
  const id = randomUUID().slice(0, 8);
  const [clerkId, clickId, orderId] = [`user_${id}`, `3t6RuJ:${id}`, `order-${id}`];
  const { body } = await stack.api.me(clerkId, clickId);
  return { clerkId, clickId, orderId, userId: String(body.userId), saleId: `sale_subscription:${orderId}` };
}

type Customer = Awaited<ReturnType<typeof customer>>;

async function buy({ orderId, userId }: Customer, fields: object = {}): Promise<void> {
  const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4900, currency: 'USD' };
  const { status } = await stack.api.publish({ ...sale, userId, orderId, ...fields });
  expect(status).toBe(202);
}

/** As `stack.untilStatus`, also outside of a test. */
function reach({ saleId }: Customer, status: ConversionStatus): Promise<void> {
  return until(async () => (await stack.conversion(saleId))?.status === status);
}

async function park(customer: Customer): Promise<void> {
  await stack.sandbox.fault({ ...REFUSAL, orderId: customer.orderId });
  await buy(customer);
  await reach(customer, 'parked');
}

/** The test moves the click into the past, as a sale weeks later would take weeks. */
async function setClickBack({ clerkId }: Customer, days: number): Promise<void> {
  const capturedAt = new Date(Date.now() - days * DAY_MS);
  const fields = {
    'attribution.impact.capturedAt': capturedAt,
    'attributionHistory.0.capturedAt': capturedAt,
  };
  await stack.db.users.updateOne({ clerkId }, { $set: fields });
}

async function audit(): Promise<void> {
  const [from, to] = [-DAY_MS, DAY_MS].map((ms) => new Date(Date.now() + ms).toISOString());
  await runAudit(
    stack.temporal,
    { from: String(from), to: String(to) },
    { patienceMs: 60_000, say: () => undefined },
  );
}

const words = (status: ConversionStatus, reason?: string) =>
  outcomeOf({ status, reason }, new Date()).outcome;

interface Case {
  /** Lets it happen, and resolves once it has. */
  happen(customer: Customer): Promise<unknown>;
  answer: string;
}

const OUTCOMES: Record<string, Case> = {
  'Impact accepted it': {
    async happen(customer) {
      await buy(customer);
      await reach(customer, 'confirmed');
    },
    answer: words('confirmed'),
  },
  "Impact credits another partner's click": {
    async happen(customer) {
      await stack.sandbox.plan({ orderId: customer.orderId, errorReason: 'OTHER_REF_PRIORITIZED' });
      await buy(customer);
      await reach(customer, 'declined');
    },
    answer: words('declined', 'other_ref_prioritized'),
  },
  'Impact accepted it, and the audit found that it credits no partner': {
    async happen(customer) {
      await stack.sandbox.plan({ orderId: customer.orderId, attributed: false });
      await buy(customer);
      await reach(customer, 'confirmed');
      await audit();
    },
    answer: FINDINGS.not_credited.outcome,
  },
  'the click was too old': {
    async happen(customer) {
      await setClickBack(customer, 31);
      await buy(customer);
      await reach(customer, 'skipped');
    },
    answer: words('skipped', 'outside_referral_window'),
  },
  'the sale came before the click': {
    async happen(customer) {
      await buy(customer, { occurredAt: new Date(Date.now() - DAY_MS).toISOString() });
      await reach(customer, 'skipped');
    },
    answer: words('skipped', 'click_after_event'),
  },
  'Impact refused it, and engineers have to look': {
    happen: park,
    answer: words('parked', 'impact_refused'),
  },
  'engineers decided against it': {
    async happen(customer) {
      await park(customer);
      await stack.api.abandon(customer.saleId, { reason: 'a test order' });
      await reach(customer, 'abandoned');
    },
    answer: words('abandoned'),
  },
  'the customer got a refund': {
    async happen(customer) {
      await buy(customer);
      await reach(customer, 'confirmed');
      await stack.api.reverse(customer.saleId);
      await reach(customer, 'reversed');
    },
    answer: words('reversed'),
  },
};

describe("a partner's complaint about a click is answered in one search", () => {
  const complaints = new Map<string, Customer>();
  beforeAll(async () => {
    const happen = async ([title, outcome]: [string, Case]) => {
      const complaint = await customer();
      complaints.set(title, complaint);
      await outcome.happen(complaint);
    };
    await Promise.all(Object.entries(OUTCOMES).map(happen));
  });

  it.each(Object.entries(OUTCOMES))('%s', async (title, { answer }) => {
    const { clickId, orderId } = complaints.get(title) as Customer;
    await manager.find(clickId);
    const sale = page.getByRole('article').filter({ hasText: orderId });
    expect(await sale.locator('.outcome').textContent()).toBe(answer);
    // The signup that the click brought stands beside it.
    expect(await page.getByRole('article').count()).toBe(2);
  });

  it('a later click replaced it', async () => {
    const complaint = await customer();
    await stack.api.setAttribution(complaint.clerkId, { clickId: 'later:click' });
    await buy(complaint);
    await stack.untilStatus(complaint.saleId, 'confirmed');
    await manager.find(complaint.clickId);
    const sale = page.getByRole('article').filter({ hasText: complaint.orderId });
    expect(await sale.locator('.other').textContent()).toBe(
      `It is not credited to ${complaint.clickId}, but to later:click.`,
    );
    expect(await sale.textContent()).toContain('as the last click wins');
    await takeScreenshot(page, 'search');
  });

  it('this service never got it', async () => {
    await manager.find('3t6RuJ:never-seen');
    expect(await page.getByRole('main').textContent()).toContain('this service never received it');
  });

  it('it brought somebody who has not bought yet', async () => {
    const complaint = await customer();
    await manager.find(complaint.clickId);
    expect(await page.getByRole('article').count()).toBe(1);
    expect(await page.getByRole('table').textContent()).toContain(complaint.clickId);
  });
});

describe('the console', () => {
  it('finds a held sale by its order, as no user and no click are known yet', async () => {
    const { orderId } = await customer();
    const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 100, currency: 'USD', orderId };
    await stack.api.publish({ ...sale, clerkId: `user_not_here_${orderId}` });
    await manager.find(orderId);
    expect(await page.locator('.outcome').textContent()).toBe(words('skipped', 'user_not_found'));
  });

  it('shows the window, what Impact got, and each step', async () => {
    const known = await customer();
    await setClickBack(known, 29);
    await buy(known);
    await stack.untilStatus(known.saleId, 'confirmed');
    await manager.find(known.orderId);
    const sale = page.getByRole('article');
    expect(await sale.locator('.window').textContent()).toMatch(
      /29 days before it\. The window is 30 days, until .* inside\./,
    );
    expect(await sale.locator('.timeline li').count()).toBe(4);
    await sale.getByText('Sent to Impact, and its answer').click();
    expect(await sale.locator('details').last().textContent()).toContain(`ClickId${known.clickId}`);
  });

  it('without a session shows the sign-in and no data', async () => {
    const page = await openConsole(browser, stack);
    expect(await page.getByRole('main').textContent()).toContain('Sign in');
    expect(await page.getByRole('searchbox').count()).toBe(0);
  });

  it('keeps out somebody without the role, who can sign in as somebody else', async () => {
    const page = await openConsole(browser, stack);
    await signIn(page, 'guest');
    expect(await page.getByRole('main').textContent()).toContain('affiliate-manager');
    await page.getByRole('link', { name: 'Sign in as somebody else' }).click();
    await page.locator('input[name=name]').fill('manager');
    await page.getByRole('button').click();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
  });

  it('comes back after the sign-in to the page that was asked for, and signs out', async () => {
    const known = await customer();
    const page = await openConsole(browser, stack);
    await page.goto(`/console?find=${encodeURIComponent(known.clickId)}`);
    await signIn(page);
    await page.getByRole('heading', { level: 1, name: known.clickId }).waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('link', { name: 'Sign in' }).waitFor();
  });

  it('is used by keyboard alone: from the box to a conversion and back', async () => {
    const known = await customer();
    await manager.visit('/console');
    // The box has the focus.
    await page.keyboard.type(known.clickId);
    await page.keyboard.press('Enter');
    await page.getByRole('article').waitFor();
    const link = page.getByRole('link', { name: `signup:${known.userId}` });
    await link.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Signup' }).waitFor();
    await page.goBack();
    await page.getByRole('heading', { level: 1, name: known.clickId }).waitFor();
  });

  it('fits a phone: no page is wider than the screen', async () => {
    const known = await customer();
    await buy(known);
    await stack.untilStatus(known.saleId, 'confirmed');
    const page = await openConsole(browser, stack, {
      storageState: await manager.session(),
      viewport: { width: 360, height: 740 },
      isMobile: true,
    });
    for (const query of [
      '',
      `?find=${encodeURIComponent(known.clickId)}`,
      '?status=skipped',
      '?audit=latest',
    ]) {
      await page.goto(`/console${query}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const width = await page.evaluate('document.documentElement.scrollWidth');
      expect(width, query).toBeLessThanOrEqual(360);
      if (query.startsWith('?find')) await takeScreenshot(page, 'phone');
    }
  });

  it('lists by status and reason with counts, and gives each list as CSV', async () => {
    const organic = `user_${randomUUID()}`;
    await stack.api.me(organic);
    await manager.visit('/console');
    await takeScreenshot(page, 'overview');
    const row = page.getByRole('row').filter({ hasText: words('skipped', 'no_attribution') });
    await row.getByRole('link').click();
    await page.getByRole('heading', { level: 1, name: 'Skipped: No attribution' }).waitFor();
    const downloading = page.waitForEvent('download');
    await page.getByRole('link', { name: 'Download all as CSV' }).click();
    const file = await (await downloading).createReadStream();
    let text = '';
    for await (const part of file) text += part;
    expect(text).toMatch(/^conversion_id,/);
    expect(text.trim().split('\r\n').length - 1).toBe(
      await stack.db.conversions.countDocuments({ status: 'skipped', reason: 'no_attribution' }),
    );
  });

  it("shows the newest audit with its findings and its money, and marks what Impact's side lacks", async () => {
    const known = await customer();
    await buy(known);
    await stack.untilStatus(known.saleId, 'confirmed');
    await stack.sandbox.changeAction(known.orderId, { Amount: 12 });
    await audit();
    await manager.visit('/console');
    await page.getByRole('link', { name: 'Audit' }).click();
    const finding = page.locator('.finding').filter({ hasText: known.orderId });
    expect(await finding.textContent()).toContain('49.00 USD here, 12.00 USD at Impact');
    expect(await page.getByRole('table', { name: /^Money/ }).textContent()).toContain(
      'Amount differs: -37.00',
    );
  });

  it('takes markup in an id for text', async () => {
    await manager.find('<img/src=x>');
    expect(await page.locator('main img').count()).toBe(0);
  });
});
