import {
  AUDIT_COUNTS,
  type AuditSummary,
  countFindings,
  FINDING_KINDS,
  type Finding,
} from '../domain/audit.js';
import type { Database } from '../mongo.js';
import { type Audit, entriesOf, MAX_FINDINGS, STAGED } from './audit.model.js';
import { compareOrder } from './compare-order.js';
import { createDuplicateFinder } from './find-duplicates.js';
import type { AuditPlan } from './plan-audit.js';
import { readOrders } from './read-orders.js';
import type { AuditDeps, CompareContext, Comparison } from './types.js';

type Result = Pick<Audit, 'counts' | 'findingsByKind' | 'findings'>;

/**
 * Compares the ledger with the staged Actions, and writes the result. The first attempt to finish decides: the staged
 * Actions are removed after its result is written, and a later attempt returns that result.
 */
export async function writeAudit(
  deps: AuditDeps,
  plan: AuditPlan,
  otherEventTypes: number,
): Promise<AuditSummary> {
  const { audits, auditEntries } = deps.db;
  const { auditId, from, to } = plan;
  if (!(await audits.exists({ _id: auditId }))) {
    const $setOnInsert = await compareAll(deps, plan, otherEventTypes);
    await audits.updateOne({ _id: auditId }, { $setOnInsert }, { upsert: true });
  }
  const { counts, findingsByKind } = await audits.findById(auditId, { findings: 0 }).orFail().lean();
  await auditEntries.deleteMany(entriesOf(auditId), STAGED);
  return { auditId, from, to, counts, findingsByKind };
}

async function compareAll(
  deps: AuditDeps,
  plan: AuditPlan,
  otherEventTypes: number,
): Promise<Omit<Audit, '_id'>> {
  const [from, to, begunAt] = [new Date(plan.from), new Date(plan.to), new Date(plan.begunAt)];
  const context: CompareContext = { from, to, begunAt, now: new Date() };
  const counts = { ...zeros(AUDIT_COUNTS), otherEventTypes };
  const result: Result = { counts, findingsByKind: zeros(FINDING_KINDS), findings: [] };
  const findDuplicates = createDuplicateFinder();
  for await (const orders of readOrders(deps, plan.auditId, { from, to })) {
    for (const order of orders) {
      add(result, compareOrder(order, context));
      add(result, { findings: findDuplicates(order) });
    }
    deps.onBatch();
  }
  const findings = result.findings.toSorted(byOrder);
  return { from, to, at: context.now, ...result, findings, findingsTotal: countFindings(result) };
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

function add({ counts, findingsByKind, findings }: Result, comparison: Comparison): void {
  if (comparison.counted) counts[comparison.counted] += 1;
  if (comparison.locked) counts.locked += 1;
  if (comparison.amountNotCompared) counts.amountNotCompared += 1;
  for (const finding of comparison.findings) {
    findingsByKind[finding.kind] += 1;
    if (findings.length < MAX_FINDINGS) findings.push(finding);
  }
}

function byOrder(a: Finding, b: Finding): number {
  if (a.actionTrackerId !== b.actionTrackerId) return a.actionTrackerId - b.actionTrackerId;
  return a.orderId < b.orderId ? -1 : Number(a.orderId > b.orderId);
}

/** The findings that an audit kept, by event type and order id. */
export async function findFindings(db: Database, auditId: string): Promise<Finding[]> {
  const audit = await db.audits.findById(auditId, { findings: 1 }).lean();
  return audit?.findings ?? [];
}
