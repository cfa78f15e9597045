import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { AuditCounts, AuditSummary } from '../../src/domain/audit.js';
import type { Conversion, ConversionStatus } from '../../src/domain/conversion.js';
import { FINDING_KINDS, type KeptFinding } from '../../src/domain/findings.js';
import { eachOf } from '../support/each-of.js';
import { mixedSales, SALE_CENTS, SALE_TRACKER, type Sale, saleId } from '../support/mixed-sales.js';
import { freshMongoUri } from '../support/mongo.js';
import { runInShell } from '../support/shell.js';
import { type Stack, startStack } from '../support/stack.js';
import { startTimeSkipping } from '../support/time-skipping.js';

/**
 * 117 conversions, to which everything happens that may happen to one, and an audit at the end, which finds each
 * planted difference and no other. Impact deduplicates nothing here, so Impact would have a conversion twice if it was
 * sent twice.
 */
const SIGNUPS = 8;
const ORGANIC_SIGNUPS = 3;
const CONVERSIONS = 117;
const CONCURRENCY = 12;
const SIGNED_UP: readonly ConversionStatus[] = ['confirmed', 'skipped'];
const PATIENCE = { timeout: 150_000, interval: 200 };

const sales = mixedSales();
const UNKNOWN_ORDERS = ['unknown-0', 'unknown-1', 'unknown-2'];

let environment: TestWorkflowEnvironment;
let stack: Stack;
let audit: { exitCode: number; result: AuditSummary & { findings: KeptFinding[] } };

beforeAll(async () => {
  const begun = Date.now();
  const mongoUri = freshMongoUri();
  environment = await startTimeSkipping();
  const temporal = { address: environment.address, namespace: 'default' };
  const relay = { intervalMs: 200, minimumAgeMs: 500 };
  // Longer than a busy machine keeps an answer: an order that Impact never processes is sent again after a timeout.
  stack = await startStack({ mongoUri, temporal, relay, confirmAfterMs: 1, impactTimeoutMs: 5_000 });
  const unlimited = { Conversions: null, APISubmissions: null, Actions: null };
  await stack.sandbox.settings({
    deduplication: 'off',
    exchangeRates: { EUR: 1.1 },
    rateLimits: unlimited,
  });

  await publishAll(await signUpAll());
  await untilAll(({ kind }) => ({ status: kind.reaches }));
  await eachOf(sales, CONCURRENCY, async ({ kind, orderId }) => kind.afterwards?.(stack, orderId));
  await untilAll(({ kind }) => kind.ends ?? { status: kind.reaches });
  await eachOf(sales, CONCURRENCY, async ({ kind, orderId }) => kind.atImpact?.(stack, orderId));
  const planted = { ActionTrackerId: SALE_TRACKER, Amount: 49 };
  await eachOf(UNKNOWN_ORDERS, CONCURRENCY, (orderId) => stack.sandbox.plantAction(orderId, planted));
  // These are no differences: an Action of another system, and one that was reversed before we learned of it.
  await stack.sandbox.plantAction('elsewhere', { ActionTrackerId: 12_345 });
  await stack.sandbox.plantAction('never-mind', { ...planted, State: 'REVERSED' });

  const [from, to] = [begun - 3_600_000, Date.now() + 3_600_000].map((ms) => new Date(ms).toISOString());
  const args = ['audit', '--from', String(from), '--to', String(to), '--json'];
  const { exitCode, stdout, stderr } = await runInShell(args, {
    environment: {
      MONGODB_URI: mongoUri,
      TEMPORAL_ADDRESS: temporal.address,
      TEMPORAL_NAMESPACE: temporal.namespace,
    },
  });
  if (stdout === '') throw new Error(stderr);
  audit = { exitCode, result: JSON.parse(stdout) };
}, 300_000);

afterAll(async () => {
  await stack.stop();
  await environment.teardown();
});

interface Users {
  attributed: string[];
  organic: string[];
}

async function signUpAll(): Promise<Users> {
  const signUp = (name: string, count: number, clickId?: string) =>
    eachOf(Array(count).keys(), CONCURRENCY, async (index) => {
      const { body } = await stack.api.me(`user_${name}_${index}`, clickId);
      return String(body.userId);
    });
  return {
    attributed: await signUp('partner', SIGNUPS, 'click'),
    organic: await signUp('organic', ORGANIC_SIGNUPS),
  };
}

async function publishAll(users: Users): Promise<void> {
  await eachOf([...sales.entries()], CONCURRENCY, async ([index, { kind, orderId }]) => {
    await kind.prepare?.(stack, orderId);
    const buyers = kind.organic ? users.organic : users.attributed;
    const sale = {
      campaignEventId: 'sale_subscription',
      userId: buyers[index % buyers.length],
      orderId,
      totalAmountCents: SALE_CENTS,
      currency: kind.currency ?? 'USD',
    };
    const publish = () => stack.api.publish(sale);
    const answers = await Promise.all(kind.publishedTwice ? [publish(), publish()] : [publish()]);
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 202));
  });
}

/** Temporal's clock jumps half an hour each time, as a workflow waits that long after an answer was lost. */
async function untilAll(expected: (sale: Sale) => State): Promise<void> {
  const format = ({ status, adjustment }: State) =>
    `${status}${adjustment ? `, adjustment ${adjustment}` : ''}`;
  const notYet = async () => {
    const conversions = await ledger();
    const signups = [...conversions.values()].filter(({ campaignEventId }) => campaignEventId === 'signup');
    return [
      ...sales.flatMap((sale) => {
        const found = conversions.get(saleId(sale.orderId));
        const state = format({ status: found?.status, adjustment: found?.adjustments?.at(-1)?.status });
        return state === format(expected(sale)) ? [] : [`${sale.orderId}: ${state}`];
      }),
      ...signups.flatMap(({ _id, status }) => (SIGNED_UP.includes(status) ? [] : [`${_id}: ${status}`])),
    ];
  };
  await vi.waitFor(async () => {
    await environment.sleep('31 minutes');
    expect(await notYet()).toEqual([]);
  }, PATIENCE);
}

interface State {
  status: string | undefined;
  adjustment?: string | undefined;
}

async function ledger(): Promise<Map<string, Omit<Conversion, 'timeline'>>> {
  const conversions = await stack.db.conversions.find({}, { timeline: 0 }).lean();
  return new Map(conversions.map((conversion) => [conversion._id, conversion]));
}

/** By the mix alone, and the signups beside it. */
function expectedCounts(): AuditCounts {
  const counts: AuditCounts = {
    confirmed: SIGNUPS,
    locked: 0,
    amountNotCompared: 0,
    inProgress: 0,
    reversed: 0,
    notReported: ORGANIC_SIGNUPS,
    otherEventTypes: 1,
  };
  for (const { kind } of sales) {
    if ('finding' in kind.audit) continue;
    counts[kind.audit.counted] += 1;
    if (kind.audit.also) counts[kind.audit.also] += 1;
  }
  return counts;
}

function plantedFindings(): string[] {
  const ofSales = sales.flatMap(({ kind, orderId }) =>
    'finding' in kind.audit ? [`${kind.audit.finding} ${orderId}`] : [],
  );
  return sorted([...ofSales, ...UNKNOWN_ORDERS.map((orderId) => `unknown_to_us ${orderId}`)]);
}

/** The buyers here buy for the same amount again and again, which the audit finds without a look at Impact. */
const planted = () => audit.result.findings.filter(({ kind }) => kind !== 'possible_duplicate');

const sorted = (lines: string[]) => lines.toSorted((a, b) => a.localeCompare(b));

describe('an audit of a mix of conversions', () => {
  it('finds every difference that was planted, of every kind, and no other', () => {
    const { findingsByKind } = audit.result;
    expect(sorted(planted().map(({ kind, orderId }) => `${kind} ${orderId}`))).toEqual(plantedFindings());
    expect(FINDING_KINDS.filter((kind) => findingsByKind[kind] < 2)).toEqual([]);
    expect(audit.exitCode).toBe(1);
  });

  it('counts the orders that agree as the mix says, and leaves none out', () => {
    const { counts } = audit.result;
    expect(counts).toEqual(expectedCounts());
    const { confirmed, inProgress, reversed, notReported } = counts;
    const ofOurs = planted().filter(({ conversionId }) => conversionId !== undefined);
    expect(confirmed + inProgress + reversed + notReported + ofOurs.length).toBe(CONVERSIONS);
  });

  it('is of a ledger that has each conversion once', async () => {
    expect([...(await ledger()).keys()]).toHaveLength(CONVERSIONS);
  });
});

describe('Impact', () => {
  it('has accepted each order as often as expected, and none twice', async () => {
    const accepted = new Map<string, number>();
    for (const { orderId } of await stack.sandbox.conversions())
      accepted.set(orderId, (accepted.get(orderId) ?? 0) + 1);
    const ofSales = sales.map(({ orderId }) => [orderId, accepted.get(orderId) ?? 0]);
    expect(ofSales).toEqual(sales.map(({ orderId, kind }) => [orderId, kind.accepted]));
    const ofSignups = [...accepted].filter(([orderId]) => orderId.startsWith('signup-'));
    expect(ofSignups.map(([, times]) => times)).toEqual(Array(SIGNUPS).fill(1));
  });
});
