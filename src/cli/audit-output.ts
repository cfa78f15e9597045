import {
  type AuditSummary,
  countDifferences,
  countFindings,
  FINDING_KINDS,
  type Finding,
} from '../domain/audit.js';
import { toCsv } from '../domain/csv.js';

import { tableLines } from './output.js';

/** As many as fit on a terminal; the CSV has all. */
const MAX_ROWS = 50;

const TITLES = ['FINDING', 'ORDER', 'EVENT TYPE', 'LEDGER', 'ACTIONS', ''];

export function auditTable(summary: AuditSummary, findings: readonly Finding[]): string {
  const { from, to, counts, findingsByKind } = summary;
  const lines: [string, number][] = [
    ['confirmed on both sides', counts.confirmed],
    ['  of these locked at Impact', counts.locked],
    ['  of these in another currency', counts.amountNotCompared],
    ['still on the way', counts.inProgress],
    ['reversed on both sides', counts.reversed],
    ['not reported, and not at Impact', counts.notReported],
    ['of other event types at Impact', counts.otherEventTypes],
    ...FINDING_KINDS.map((kind): [string, number] => [kind, findingsByKind[kind] ?? 0]),
  ];
  return [
    `Audit of ${from} to ${to}`,
    '',
    ...lines.map(([label, count]) => `${label.padEnd(36)}${String(count).padStart(8)}`),
    '',
    ...(countDifferences(summary) === 0 ? ['No differences.'] : []),
    ...findingLines(countFindings(summary), findings),
  ].join('\n');
}

function findingLines(total: number, findings: readonly Finding[]): string[] {
  if (total === 0) return [];
  const rows = findings.slice(0, MAX_ROWS).map(tableRow);
  const left = total - rows.length;
  return [...tableLines(TITLES, rows), ...(left > 0 ? [`… and ${left} more: --csv FILE has them.`] : [])];
}

function tableRow({ kind, orderId, actionTrackerId, status, actionIds, detail }: Finding) {
  return [kind, orderId, actionTrackerId, status, actionIds.join(' '), detail];
}

const HEADER = ['kind', 'order_id', 'action_tracker_id', 'conversion_id', 'status', 'action_ids', 'detail'];

export function findingsCsv(findings: readonly Finding[]): string {
  return toCsv([HEADER, ...findings.map(csvRow)]);
}

function csvRow({ kind, orderId, actionTrackerId, conversionId, status, actionIds, detail }: Finding) {
  return [kind, orderId, actionTrackerId, conversionId, status, actionIds.join(' '), detail];
}
