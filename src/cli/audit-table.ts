import { type AuditSummary, countFindings, FINDING_KINDS, type Finding } from '../domain/audit.js';
import { tableLines } from './table.js';

/** As many as fit on a terminal; the CSV has all. */
const MAX_ROWS = 50;

const COLUMNS: [title: string, value: (finding: Finding) => string][] = [
  ['DIFFERENCE', ({ kind }) => kind],
  ['ORDER', ({ orderId }) => orderId],
  ['EVENT TYPE', ({ actionTrackerId }) => String(actionTrackerId)],
  ['LEDGER', ({ status }) => status ?? '-'],
  ['ACTIONS', ({ actionIds }) => actionIds.join(' ') || '-'],
  ['', ({ detail }) => detail],
];

export function auditTable(summary: AuditSummary, findings: readonly Finding[]): string {
  const total = countFindings(summary);
  const shown = findings.slice(0, MAX_ROWS);
  return [
    `Audit of ${summary.from} to ${summary.to}`,
    '',
    ...countLines(summary),
    '',
    ...(total === 0 ? ['No differences.'] : [...rows(shown), ...more(total - shown.length)]),
  ].join('\n');
}

function countLines({ counts, findingsByKind }: AuditSummary): string[] {
  const lines: [string, number][] = [
    ['confirmed on both sides', counts.confirmed],
    ['  of these locked at Impact', counts.locked],
    ['  of these in another currency', counts.amountNotCompared],
    ['still on the way', counts.inProgress],
    ['reversed on both sides', counts.reversed],
    ['not reported, and not at Impact', counts.notReported],
    ['of other event types at Impact', counts.otherEventTypes],
    ...FINDING_KINDS.map((kind): [string, number] => [kind, findingsByKind[kind]]),
  ];
  return lines.map(([label, count]) => `${label.padEnd(36)}${String(count).padStart(8)}`);
}

function rows(findings: readonly Finding[]): string[] {
  return tableLines(
    COLUMNS.map(([title]) => title),
    findings.map((finding) => COLUMNS.map(([, value]) => value(finding))),
  );
}

function more(count: number): string[] {
  return count > 0 ? [`… and ${count} more: --csv FILE has them.`] : [];
}
