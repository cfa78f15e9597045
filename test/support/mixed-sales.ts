import type { AdjustmentStatus } from '../../src/domain/adjustment.js';
import type { AuditCounts } from '../../src/domain/audit.js';
import { type ConversionStatus, workflowId } from '../../src/domain/conversion.js';
import type { FindingKind } from '../../src/domain/findings.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import type { Stack } from './stack.js';

/** One of the things that may happen to a sale, from the shop to the audit. */
export interface SaleKind {
  count: number;
  /** Prepares the sandbox before the sale is published. */
  prepare?(stack: Stack, orderId: string): Promise<unknown>;
  organic?: true;
  currency?: 'EUR';
  publishedTwice?: true;
  /** The status that it reaches by itself. */
  reaches: ConversionStatus;
  /** Acts as the shop or an operator, once the sale has that status. */
  afterwards?(stack: Stack, orderId: string): Promise<unknown>;
  ends?: { status: ConversionStatus; adjustment?: AdjustmentStatus };
  /** Changes something at Impact in the end, without this service. */
  atImpact?(stack: Stack, orderId: string): Promise<unknown>;
  /** How many conversions of it Impact has accepted. */
  accepted: 0 | 1;
  /** How the audit counts it, or which difference it finds. */
  audit: { counted: keyof AuditCounts; also?: keyof AuditCounts } | { finding: FindingKind };
}

const HOUR_MS = 3_600_000;
export const SALE_TRACKER = 99_999;
export const SALE_CENTS = 4_900;
const SALE_ACTION = { ActionTrackerId: SALE_TRACKER, Amount: SALE_CENTS / 100 };

export const saleId = (orderId: string) => `sale_subscription:${orderId}`;

const handleOf = (stack: Stack, orderId: string) =>
  stack.temporal.workflow.getHandle(workflowId(saleId(orderId)));

const refuse = ({ sandbox }: Stack, orderId: string) => {
  const body = { Status: 'ERROR', Message: 'Validation Failed' };
  return sandbox.fault({ kind: 'status', status: 400, body, orderId, times: 1_000 });
};

const fault = (definition: Record<string, unknown>) => (stack: Stack, orderId: string) =>
  stack.sandbox.fault({ ...definition, orderId });

const plan = (outcome: Record<string, unknown>) => (stack: Stack, orderId: string) =>
  stack.sandbox.plan({ ...outcome, orderId });

async function retryFixed(stack: Stack, orderId: string): Promise<void> {
  await stack.sandbox.clearFaults(orderId);
  await handleOf(stack, orderId).signal(SIGNALS.retry);
}

const reverse = (stack: Stack, orderId: string) => stack.api.reverse(saleId(orderId));
const reduce = (stack: Stack, orderId: string) => stack.api.setAmount(saleId(orderId), 1_900);

const changeAction = (fields: Record<string, unknown>) => (stack: Stack, orderId: string) =>
  stack.sandbox.changeAction(orderId, fields);

const plant =
  (fields: Record<string, unknown> = {}) =>
  (stack: Stack, orderId: string) =>
    stack.sandbox.plantAction(orderId, { ...SALE_ACTION, ...fields });

const CONFIRMED = { reaches: 'confirmed', accepted: 1, audit: { counted: 'confirmed' } } as const;
const REFUSED = {
  prepare: refuse,
  reaches: 'parked',
  accepted: 0,
  audit: { counted: 'notReported' },
} as const;
const REVERSED = { status: 'reversed', adjustment: 'confirmed' } as const;
const CHANGED = { status: 'confirmed', adjustment: 'confirmed' } as const;

export const SALE_KINDS = {
  plain: { ...CONFIRMED, count: 10 },
  'published-twice': { ...CONFIRMED, count: 6, publishedTwice: true },
  'in-euro': {
    ...CONFIRMED,
    count: 3,
    currency: 'EUR',
    audit: { counted: 'confirmed', also: 'amountNotCompared' },
  },
  organic: { count: 5, organic: true, reaches: 'skipped', accepted: 0, audit: { counted: 'notReported' } },

  unavailable: { ...CONFIRMED, count: 5, prepare: fault({ kind: 'status', status: 503, times: 2 }) },
  'lost-but-taken': { ...CONFIRMED, count: 5, prepare: fault({ kind: 'reset', accepted: true }) },
  'lost-not-taken': { ...CONFIRMED, count: 5, prepare: fault({ kind: 'hang', accepted: false }) },
  refused: { ...REFUSED, count: 6 },
  'refused-retried': { ...CONFIRMED, ...retried(retryFixed), count: 6 },
  'refused-abandoned': {
    ...REFUSED,
    count: 3,
    afterwards: (stack, orderId) => handleOf(stack, orderId).signal(SIGNALS.abandon),
    ends: { status: 'abandoned' },
  },
  'turned-down': {
    ...REFUSED,
    count: 5,
    prepare: plan({ errorReason: 'CONTRACT_NOT_FOUND' }),
    accepted: 1,
  },
  'there-already': {
    ...CONFIRMED,
    count: 4,
    prepare: async (stack, orderId) => {
      await plant()(stack, orderId);
      await plan({ errorReason: 'CONV_DUPLICATE' })(stack, orderId);
    },
  },
  processing: {
    count: 2,
    prepare: plan({ stuck: true }),
    reaches: 'submitted',
    accepted: 1,
    audit: { counted: 'inProgress' },
  },

  'never-processed': {
    count: 2,
    prepare: plan({ stuck: true }),
    reaches: 'submitted',
    accepted: 1,
    // Longer ago than Impact takes.
    atImpact: ({ db }, orderId) =>
      db.conversions.updateOne(
        { _id: saleId(orderId) },
        { $set: { 'submission.sentAt': new Date(Date.now() - 2 * HOUR_MS) } },
      ),
    audit: { finding: 'missing_at_impact' },
  },

  reversed: { ...CONFIRMED, count: 6, afterwards: reverse, ends: REVERSED, audit: { counted: 'reversed' } },
  'reversed-unsent': { ...REFUSED, count: 5, afterwards: reverse, ends: REVERSED },
  'reversal-locked': {
    ...CONFIRMED,
    count: 2,
    afterwards: async (stack, orderId) => {
      await changeAction({ LockingDate: '2026-01-01T00:00:00Z' })(stack, orderId);
      await reverse(stack, orderId);
    },
    ends: { status: 'confirmed', adjustment: 'parked' },
    audit: { counted: 'inProgress' },
  },
  reduced: { ...CONFIRMED, count: 5, afterwards: reduce, ends: CHANGED },
  'reduced-unsent': {
    ...CONFIRMED,
    ...retried(async (stack, orderId) => {
      await reduce(stack, orderId);
      await retryFixed(stack, orderId);
    }),
    ends: CHANGED,
    count: 4,
  },
  approved: {
    ...CONFIRMED,
    count: 3,
    atImpact: changeAction({ State: 'APPROVED' }),
    audit: { counted: 'confirmed', also: 'locked' },
  },

  unattributed: {
    ...CONFIRMED,
    count: 2,
    prepare: plan({ attributed: false }),
    audit: { finding: 'not_credited' },
  },
  'there-after-all': { ...REFUSED, count: 2, atImpact: plant(), audit: { finding: 'unknown_to_us' } },
  doubled: { ...CONFIRMED, count: 2, atImpact: plant(), audit: { finding: 'twice' } },
  'another-amount': {
    ...CONFIRMED,
    count: 2,
    atImpact: changeAction({ Amount: 48 }),
    audit: { finding: 'amount_differs' },
  },
  'reversed-elsewhere': {
    ...CONFIRMED,
    count: 2,
    atImpact: changeAction({ State: 'REVERSED' }),
    audit: { finding: 'state_changed' },
  },
  'reversal-undone': {
    ...CONFIRMED,
    count: 2,
    afterwards: reverse,
    ends: REVERSED,
    atImpact: changeAction({ State: 'PENDING' }),
    audit: { finding: 'not_reversed' },
  },
  reattributed: {
    ...CONFIRMED,
    count: 2,
    atImpact: async (stack, orderId) => {
      await changeAction({ State: 'REVERSED' })(stack, orderId);
      await plant({ MediaPartnerId: 20_000 })(stack, orderId);
    },
    audit: { finding: 'reattributed' },
  },
} satisfies Record<string, SaleKind>;

/** Impact refuses it until an operator has fixed the cause. */
function retried(afterwards: NonNullable<SaleKind['afterwards']>) {
  return { prepare: refuse, reaches: 'parked', afterwards, ends: { status: 'confirmed' } } as const;
}

export interface Sale {
  orderId: string;
  kind: SaleKind;
}

/** Lists each kind as often as its count, evenly mixed. */
export function mixedSales(): Sale[] {
  return Object.entries<SaleKind>(SALE_KINDS)
    .flatMap(([name, kind]) =>
      Array.from({ length: kind.count }, (_, index) => ({
        orderId: `${name}-${index}`,
        kind,
        at: (index + 0.5) / kind.count,
      })),
    )
    .sort((a, b) => a.at - b.at);
}
