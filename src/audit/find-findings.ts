import type { QueryFilter } from 'mongoose';
import type { AuditSummary } from '../domain/audit.js';
import {
  DIFFERENCE_KINDS,
  FINDING_KINDS,
  FINDING_STATES,
  FINDINGS,
  type FindingKind,
  type FindingState,
  type KeptFinding,
  UNCLOSED,
} from '../domain/findings.js';
import { afterCursor, encodeCursor, pageSort } from '../ledger/page.js';
import type { TimeWindow } from '../ledger/walk-conversions.js';
import type { Database } from '../mongo.js';

export interface FindingFilter {
  state?: FindingState | undefined;
  kind?: FindingKind | undefined;
  /** Whether the ledger and Impact differ. */
  isDifference?: boolean | undefined;
  conversionId?: string | undefined;
}

export interface FindingPage {
  findings: KeptFinding[];
  nextCursor?: string | undefined;
}

const OTHER_KINDS = FINDING_KINDS.filter((kind) => !FINDINGS[kind].isDifference);

/**
 * Newest first, page by page.
 * @throws DomainError `invalid_request` where the cursor is malformed
 */
export async function listFindings(
  db: Database,
  filter: FindingFilter,
  { cursor, limit }: { cursor?: string | undefined; limit: number },
): Promise<FindingPage> {
  const found = await db.findings
    .find({ $and: [matching(filter), ...afterCursor('firstSeenAt', cursor)] })
    .sort(pageSort('firstSeenAt'))
    .limit(limit + 1)
    .lean<KeptFinding[]>();
  const findings = found.slice(0, limit);
  const last = findings.at(-1);
  const nextCursor = last && found.length > limit ? encodeCursor('firstSeenAt', last) : undefined;
  return { findings, nextCursor };
}

/** The same list without pages. */
export function walkList(db: Database, filter: FindingFilter): AsyncIterable<KeptFinding> {
  return db.findings
    .find(matching(filter))
    .sort(pageSort('firstSeenAt'))
    .lean<KeptFinding[]>()
    .cursor({ batchSize: 1_000 });
}

/** Names every state and every kind where the filter names none, so that one index has each list in its order. */
function matching({ state, kind, isDifference, conversionId }: FindingFilter): QueryFilter<KeptFinding> {
  const kinds = FINDING_KINDS.filter(
    (each) =>
      (kind ?? each) === each &&
      (isDifference ?? FINDINGS[each].isDifference) === FINDINGS[each].isDifference,
  );
  const states = state === undefined ? [...FINDING_STATES] : [state];
  return { ...(conversionId && { conversionId }), state: { $in: states }, kind: { $in: kinds } };
}

/** Those of conversions that need an owner, or have one, newest first. */
export function findingsOf(db: Database, ...conversionIds: string[]): Promise<KeptFinding[]> {
  return db.findings
    .find({ conversionId: { $in: conversionIds }, state: { $in: UNCLOSED } })
    .sort(pageSort('firstSeenAt'))
    .lean<KeptFinding[]>();
}

export interface FindingSelection {
  filter: QueryFilter<KeptFinding>;
  sort: Record<string, -1>;
}

/** Those that are not closed and happened in the window of an audit. */
export function ofWindow({ from, to }: TimeWindow): FindingSelection {
  return {
    filter: { state: { $in: UNCLOSED }, happenedAt: { $gte: from, $lt: to } },
    sort: { happenedAt: -1, _id: -1 },
  };
}

export function ofStates(states: readonly FindingState[]): FindingSelection {
  return { filter: { state: { $in: states } }, sort: pageSort('firstSeenAt') };
}

/** The differences before the others, as they may need a human; each newest first. */
export async function* walkFindings(
  db: Database,
  { filter, sort }: FindingSelection,
): AsyncGenerator<KeptFinding> {
  for (const kinds of [DIFFERENCE_KINDS, OTHER_KINDS])
    yield* db.findings
      .find({ ...filter, kind: { $in: kinds } })
      .sort(sort)
      .lean<KeptFinding[]>()
      .cursor({ batchSize: 1_000 });
}

export function countSelected(db: Database, { filter }: FindingSelection): Promise<number> {
  return db.findings.countDocuments(filter);
}

/** The differences of a window that are new, or not acknowledged. */
export function countOpenDifferences(db: Database, { from, to }: TimeWindow): Promise<number> {
  const kind = { $in: [...DIFFERENCE_KINDS] };
  return db.findings.countDocuments({ state: 'open', kind, happenedAt: { $gte: from, $lt: to } });
}

/** How many are open or acknowledged, by kind and state, from the keys of an index. */
export async function countFindingsByState(
  db: Database,
): Promise<{ kind: FindingKind; state: FindingState; count: number }[]> {
  const groups = await db.findings.aggregate<{
    _id: { kind: FindingKind; state: FindingState };
    count: number;
  }>([
    { $match: { state: { $in: UNCLOSED } } },
    { $group: { _id: { kind: '$kind', state: '$state' }, count: { $sum: 1 } } },
  ]);
  return groups.map(({ _id, count }) => ({ ..._id, count }));
}

/** The newest audit, and when it ended. */
export async function findLatestAudit(db: Database): Promise<(AuditSummary & { at: Date }) | undefined> {
  const newest = await db.audits.findOne().sort({ at: -1 }).lean();
  if (!newest) return undefined;
  const { _id: auditId, from, to, ...result } = newest;
  return { auditId, from: from.toISOString(), to: to.toISOString(), ...result };
}
