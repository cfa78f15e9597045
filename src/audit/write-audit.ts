import { AUDIT_COUNTS, type AuditSummary } from '../domain/audit.js';
import { FINDING_KINDS, type Finding } from '../domain/findings.js';
import { type Audit, entriesOf, STAGED } from './audit.model.js';
import { compareOrder } from './compare-order.js';
import { createDuplicateFinder } from './find-duplicates.js';
import { countOpenDifferences } from './find-findings.js';
import { type AuditRun, closeUnmet, keepFindings, leaveToNextAudit } from './keep-findings.js';
import type { AuditPlan } from './plan-audit.js';
import { readOrders } from './read-orders.js';
import { createTotals } from './totals.js';
import type { AuditDeps, CompareContext, Comparison, Order } from './types.js';

/**
 * Compares the ledger with the staged Actions, keeps the findings, and writes the result. The first attempt to finish
 * decides: the staged Actions are removed after its result is written, and a later attempt returns that result.
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
  const { counts, findingsByKind, openDifferences, money } = await audits.findById(auditId).orFail().lean();
  await auditEntries.deleteMany(entriesOf(auditId), STAGED);
  return { auditId, from, to, counts, findingsByKind, openDifferences, money };
}

async function compareAll(
  deps: AuditDeps,
  plan: AuditPlan,
  otherEventTypes: number,
): Promise<Omit<Audit, '_id'>> {
  const { auditId } = plan;
  const [from, to, begunAt] = [new Date(plan.from), new Date(plan.to), new Date(plan.begunAt)];
  const context: CompareContext = { from, to, begunAt, now: new Date() };
  const run: AuditRun = { auditId, from, to, begunAt };
  const counts = { ...zeros(AUDIT_COUNTS), otherEventTypes };
  const findingsByKind = zeros(FINDING_KINDS);
  const totals = createTotals();
  const findDuplicates = createDuplicateFinder(context);
  for await (const orders of readOrders(deps, auditId, run)) {
    const found: Finding[] = [];
    const left: Order[] = [];
    for (const order of orders) {
      const comparison = compareOrder(order, context);
      const findings = [...comparison.findings, ...findDuplicates(order)];
      count(counts, comparison);
      for (const { kind } of findings) findingsByKind[kind] += 1;
      totals.add(order, findings, context);
      if (comparison.counted === 'inProgress') left.push(order);
      found.push(...findings);
    }
    await keepFindings(deps.db, run, found);
    await leaveToNextAudit(deps.db, run, left);
    deps.onBatch();
  }
  await closeUnmet(deps.db, deps.programme, run);
  const openDifferences = await countOpenDifferences(deps.db, run);
  return { from, to, at: context.now, counts, findingsByKind, openDifferences, money: totals.list() };
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

function count(counts: Audit['counts'], { counted, locked, amountNotCompared }: Comparison): void {
  if (counted) counts[counted] += 1;
  if (locked) counts.locked += 1;
  if (amountNotCompared) counts.amountNotCompared += 1;
}
