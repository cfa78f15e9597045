import { type AuditSummary, FINDING_KINDS, type Finding, type FindingKind } from '../domain/audit.js';
import { type Audit, MAX_FINDINGS } from './audit.model.js';
import { type CompareContext, type Comparison, compareOrder } from './compare.js';
import type { AuditPlan } from './plan-audit.js';
import { readOrders } from './read-orders.js';
import type { StageDeps } from './stage-actions.js';
import { stageLedger } from './stage-ledger.js';

type Result = Pick<Audit, 'counts' | 'findingsByKind' | 'findings'>;

/** Compares what is staged of Impact's side with the ledger, and writes the result. Repeated, it writes the same. */
export async function compareSides(
  deps: StageDeps,
  { auditId, from, to }: AuditPlan,
  otherEventTypes: number,
): Promise<AuditSummary> {
  const { db } = deps;
  await stageLedger(deps, auditId, { from, to });
  const context = { from: new Date(from), to: new Date(to), now: new Date() };
  const result = emptyResult(otherEventTypes);
  for await (const orders of readOrders(db, auditId)) {
    for (const order of orders) add(result, compareOrder(order, context));
    deps.onBatch();
  }
  await writeAudit(deps, auditId, result, context);
  await db.auditEntries.deleteMany({ auditId });
  const { counts, findingsByKind } = result;
  return { auditId, from, to, counts, findingsByKind };
}

function emptyResult(otherEventTypes: number): Result {
  const counts = {
    confirmed: 0,
    locked: 0,
    amountNotCompared: 0,
    inProgress: 0,
    notReported: 0,
    otherEventTypes,
  };
  const none = FINDING_KINDS.map((kind) => [kind, 0]);
  return { counts, findingsByKind: Object.fromEntries(none) as Record<FindingKind, number>, findings: [] };
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

async function writeAudit(
  { db }: StageDeps,
  auditId: string,
  result: Result,
  { from, to, now }: CompareContext,
): Promise<void> {
  const findingsTotal = Object.values(result.findingsByKind).reduce((sum, count) => sum + count, 0);
  const audit: Omit<Audit, '_id'> = { from, to, at: now, findingsTotal, ...result };
  await db.audits.updateOne({ _id: auditId }, { $set: audit }, { upsert: true });
}

/** For whoever wants to read them: the findings that an audit has written. */
export async function findFindings(db: StageDeps['db'], auditId: string): Promise<Finding[]> {
  const audit = await db.audits.findById(auditId, { findings: 1 }).lean();
  return audit?.findings ?? [];
}
