/** The names by which workers, operators and the command line know the audit, and what it says. */

export const AUDIT_WORKFLOW_TYPE = 'AuditWorkflow';

export const AUDIT_SCHEDULE_ID = 'daily-audit';

/** What each one means, and what to do: docs/audit.md. */
export const FINDING_KINDS = [
  'missing_at_impact',
  'unknown_to_us',
  'twice',
  'amount_differs',
  'state_changed',
  'not_reversed',
  'reattributed',
] as const;

export type FindingKind = (typeof FINDING_KINDS)[number];

export interface Finding {
  kind: FindingKind;
  orderId: string;
  actionTrackerId: number;
  conversionId?: string;
  /** The ledger's. */
  status?: string;
  /** Impact's, none where it has none. */
  actionIds: string[];
  detail: string;
}

/** What is as it should be, or is not the audit's business: counted, never listed. */
export interface AuditCounts {
  /** Reported here, and one live Action there, with the same amount where both name one currency. */
  confirmed: number;
  /** Of these, the Actions that Impact has approved: they are paid out, and can no longer be changed. */
  locked: number;
  /** Of these, the amounts that Impact keeps in the account's currency, which is not the order's. */
  amountNotCompared: number;
  /** On the way to Impact, there for less than an hour, or being changed there. */
  inProgress: number;
  /** Taken back here, and reversed there. */
  reversed: number;
  /** Skipped, parked or abandoned here, and not at Impact either. */
  notReported: number;
  /** Actions of event types that this service does not report. */
  otherEventTypes: number;
}

/** `to` does not belong to it. Times are ISO 8601: they travel through Temporal. */
export interface AuditWindow {
  from: string;
  to: string;
}

export interface AuditSummary extends AuditWindow {
  auditId: string;
  counts: AuditCounts;
  findingsByKind: Record<FindingKind, number>;
}

export function countFindings({ findingsByKind }: Pick<AuditSummary, 'findingsByKind'>): number {
  return Object.values(findingsByKind).reduce((sum, count) => sum + count, 0);
}
