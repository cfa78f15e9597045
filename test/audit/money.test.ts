import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AuditSummary, shownTotals } from '../../src/domain/audit.js';
import type { ListedAction } from '../../src/impact/list-actions.js';
import type { Database } from '../../src/mongo.js';
import { auditOnce } from '../support/audit-once.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

const WINDOW = { from: '2026-11-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' };
const OCCURRED = new Date('2026-11-02T00:00:00Z');
const SENT = { state: 'queued', attempts: 1, sentAt: OCCURRED } as const;

let db: Database;
let audit: AuditSummary;
const actions: ListedAction[] = [];

beforeAll(async () => {
  db = await openFreshDatabase();
  await sell('agreed', 10_000, {}, 100);
  await sell('amount', 10_000, {}, 90);
  await sell('uncredited', 5_000, {});
  await sell('missing', 3_000, { status: 'submitted' });
  await sell('doubled', 2_000, {}, 20, 20);
  await sell('reversed-here', 1_000, { status: 'reversed' }, 10);
  await sell('reversed-there', 700, {});
  list('reversed-there', 0, { state: 'REVERSED' });
  await sell('parked', 400, { status: 'parked' });
  list('unknown', 2);
  await sell('on-the-way', 50_000, {
    status: 'submitted',
    submission: { ...SENT, orderId: 'on-the-way', sentAt: new Date() },
  });
  await sell('euro', 4_400, { payload: { orderId: 'euro', totalAmountCents: 4_400, currency: 'EUR' } }, 48);
  await sell('yen', 4_900, { payload: { orderId: 'yen', totalAmountCents: 4_900, currency: 'JPY' } });
  list('yen', 5_000, { currency: 'JPY' });
  audit = await auditOnce(db, { window: WINDOW, begunAt: new Date('2026-11-23T00:00:00Z'), actions });
});
afterAll(() => db.close());

/** A sale, and an Action for each amount in dollars. */
async function sell(
  orderId: string,
  totalAmountCents: number,
  own: object,
  ...dollars: number[]
): Promise<void> {
  await insertPending(db, {
    _id: `sale_subscription:${orderId}`,
    // Each of its own buyer, so that none is a possible duplicate.
    userId: `buyer of ${orderId}`,
    payload: { orderId, totalAmountCents, currency: 'USD' },
    status: 'confirmed',
    occurredAt: OCCURRED,
    updatedAt: OCCURRED,
    submission: { ...SENT, orderId },
    ...own,
  });
  for (const amount of dollars) list(orderId, amount);
}

function list(orderId: string, amount: number, own: Partial<ListedAction> = {}): void {
  const order = { actionId: String(actions.length), actionTrackerId: 99_999, orderId };
  actions.push({ ...order, state: 'PENDING', amount, currency: 'USD', eventDate: OCCURRED, ...own });
}

const totals = (currency: string) => {
  const [found] = audit.money.filter((each) => each.currency === currency);
  if (!found) throw new Error(`nothing in ${currency}`);
  return found;
};

describe('the money of an audit', () => {
  it("adds up each side by currency: Impact's as Impact keeps it", () => {
    expect(audit.money.map(shownTotals)).toEqual([
      { currency: 'EUR', ledger: '44.00', impact: '0.00', differences: {} },
      { currency: 'JPY', ledger: '4900', impact: '5000', differences: { amount_differs: '100' } },
      {
        currency: 'USD',
        ledger: '807.00',
        impact: '290.00',
        differences: {
          amount_differs: '-10.00',
          missing_at_impact: '-30.00',
          not_credited: '-50.00',
          not_reversed: '10.00',
          state_changed: '-7.00',
          twice: '20.00',
          unknown_to_us: '2.00',
        },
      },
    ]);
  });

  it('explains what the sides differ by: findings, what is on its way, and what Impact keeps in another currency', () => {
    const { ledger, impact, differences } = totals('USD');
    const explained = Object.values(differences).reduce((sum, each) => sum + each, 0);
    const [onTheWay, euroInDollars] = [-50_000, 4_800];
    expect(impact - ledger).toBe(explained + onTheWay + euroInDollars);
  });
});
