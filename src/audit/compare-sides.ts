import {
  type AuditSummary,
  type AuditWindow,
  countFindings,
  FINDING_KINDS,
  type Finding,
  type FindingKind,
} from '../domain/audit.js';
import type { Database } from '../mongo.js';
import { type Audit, MAX_FINDINGS } from './audit.model.js';
import { compareOrder } from './compare.js';
import type { AuditPlan } from './plan-audit.js';
import { readOrders } from './read-orders.js';
import type { CompareContext, Comparison } from './sides.js';
import type { StageDeps } from './stage-actions.js';
import { stageLedger } from './stage-ledger.js';

type Result = Pick<Audit, 'counts' | 'findingsByKind' | 'findings'>;

/**
 * Compares what is staged of Impact's side with the ledger, and writes the result. The first attempt that gets so far
 * decides, and what is staged is removed only after it: whichever comes later finds the result, or writes none.
 */
export async function compareSides(
  deps: StageDeps,
  { auditId, begunAt, from, to }: AuditPlan,
  otherEventTypes: number,
): Promise<AuditSummary> {
  const { db } = deps;
  if (!(await db.audits.exists({ _id: auditId }))) {
    await stageLedger(deps, auditId, { from, to });
    const context = {
      from: new Date(from),
      to: new Date(to),
      begunAt: new Date(begunAt),
      now: new Date(),
    };
    await writeAudit(db, auditId, await compareAll(deps, auditId, context, otherEventTypes), context);
  }
  await db.auditEntries.deleteMany({ auditId });
  return readSummary(db, auditId, { from, to });
}

async function compareAll(
  deps: StageDeps,
  auditId: string,
  context: CompareContext,
  otherEventTypes: number,
): Promise<Result> {
  const result = emptyResult(otherEventTypes);
  for await (const orders of readOrders(deps, auditId)) {
    for (const order of orders) add(result, compareOrder(order, context));
    deps.onBatch();
  }
  return result;
}

function emptyResult(otherEventTypes: number): Result {
  const counts = {
    confirmed: 0,
    locked: 0,
    amountNotCompared: 0,
    inProgress: 0,
    reversed: 0,
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
  db: Database,
  auditId: string,
  result: Result,
  { from, to, now }: CompareContext,
): Promise<void> {
  const findingsTotal = countFindings(result);
  const audit: Omit<Audit, '_id'> = { from, to, at: now, findingsTotal, ...result };
  await db.audits.updateOne({ _id: auditId }, { $setOnInsert: audit }, { upsert: true });
}

async function readSummary(db: Database, auditId: string, window: AuditWindow): Promise<AuditSummary> {
  const audit = await db.audits.findById(auditId, { findings: 0 }).lean();
  if (!audit) throw new Error(`The audit "${auditId}" is not in MongoDB, where it was just written.`);
  const { counts, findingsByKind } = audit;
  return { auditId, ...window, counts, findingsByKind };
}

/** For whoever wants to read them: the findings that an audit has written. */
export async function findFindings(db: Database, auditId: string): Promise<Finding[]> {
  const audit = await db.audits.findById(auditId, { findings: 1 }).lean();
  return audit?.findings ?? [];
}
