/** The audit's names and its result, which workers and the command line share. */

export const AUDIT_WORKFLOW_TYPE = 'AuditWorkflow';

export const AUDIT_SCHEDULE_ID = 'daily-audit';

/** docs/audit.md says what each one means, and what to do. */
export const FINDING_KINDS = [
  'missing_at_impact',
  'unknown_to_us',
  'twice',
  'amount_differs',
  'state_changed',
  'not_reversed',
  'reattributed',
  'possible_duplicate',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

/** A finding of the ledger alone, in which both sides may agree: it is no difference. */
const IN_LEDGER_ALONE: readonly FindingKind[] = ['possible_duplicate'];

export interface Finding {
  kind: FindingKind;
  orderId: string;
  actionTrackerId: number;
  conversionId?: string;
  /** The conversion's status in the ledger. */
  status?: string;
  /** Impact's ids of the Actions that it is about. */
  actionIds: string[];
  detail: string;
}

/** Orders without a finding: the audit counts them, and does not list them. */
export const AUDIT_COUNTS = [
  /** Reported here, and one live Action at Impact, with the same amount if both have it in one currency. */
  'confirmed',
  /** Confirmed Actions that Impact has approved: it pays them out, and they cannot be changed. */
  'locked',
  /** Confirmed Actions whose amount Impact keeps in the account's currency, which is not the order's. */
  'amountNotCompared',
  /** On the way to Impact, sent less than an hour ago, or with an adjustment on its way. */
  'inProgress',
  /** Reversed here and at Impact. */
  'reversed',
  /** Skipped, declined, parked or abandoned here, and without a live Action at Impact. */
  'notReported',
  /** Actions of event types that this service does not report. */
  'otherEventTypes',
] as const;

export type AuditCounts = Record<(typeof AUDIT_COUNTS)[number], number>;

/** `to` does not belong to it. Times are ISO 8601, as they travel through Temporal. */
export interface AuditWindow {
  from: string;
  to: string;
}

export interface AuditSummary extends AuditWindow {
  auditId: string;
  counts: AuditCounts;
  findingsByKind: Record<FindingKind, number>;
}

/** The findings in which the ledger and Impact differ. */
export function countDifferences({ findingsByKind }: Pick<AuditSummary, 'findingsByKind'>): number {
  const kinds = FINDING_KINDS.filter((kind) => !IN_LEDGER_ALONE.includes(kind));
  return kinds.reduce((sum, kind) => sum + (findingsByKind[kind] ?? 0), 0);
}

export function countFindings({ findingsByKind }: Pick<AuditSummary, 'findingsByKind'>): number {
  return Object.values(findingsByKind).reduce((sum, count) => sum + count, 0);
}
