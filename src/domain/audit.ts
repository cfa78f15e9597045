import type { FindingKind } from './findings.js';
import { decimalOf } from './money.js';

/** The audit's names and its result, which workers, the API and the command line share. */

export const AUDIT_WORKFLOW_TYPE = 'AuditWorkflow';

export const AUDIT_SCHEDULE_ID = 'daily-audit';

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
  /** The findings that this audit has met. */
  findingsByKind: Record<FindingKind, number>;
  /** The differences of the window that were open at its end: new, or not acknowledged. */
  openDifferences: number;
  /** By currency. */
  money: MoneyTotals[];
}

/** Of the orders that the audit compared, in the currency's minor unit. docs/audit.md has the rules. */
export interface MoneyTotals {
  currency: string;
  /** Orders that are reported and not reversed. */
  ledger: number;
  /** Live Actions. */
  impact: number;
  /** Impact's amounts minus the ledger's, of the findings of each kind. */
  differences: Partial<Record<FindingKind, number>>;
}

/** As the API and the command line show it: decimals in major units. */
export function shownTotals({ currency, ledger, impact, differences }: MoneyTotals) {
  const decimal = (minorUnits: number) => decimalOf({ minorUnits, currency });
  const shown = Object.entries(differences).map(([kind, minorUnits]) => [kind, decimal(minorUnits)]);
  return {
    currency,
    ledger: decimal(ledger),
    impact: decimal(impact),
    differences: Object.fromEntries(shown) as Partial<Record<FindingKind, string>>,
  };
}

export function countFindings({ findingsByKind }: Pick<AuditSummary, 'findingsByKind'>): number {
  return Object.values(findingsByKind).reduce((sum, count) => sum + count, 0);
}
