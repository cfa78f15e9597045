import { type AuditSummary, type MoneyTotals, shownTotals } from '../domain/audit.js';
import { FINDING_KINDS, type FindingKind } from '../domain/findings.js';
import { tableLines } from './output.js';

export function auditTable({
  from,
  to,
  counts,
  findingsByKind,
  money,
  openDifferences,
}: AuditSummary): string {
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
    ...(money.length > 0 ? [...moneyLines(money), ''] : []),
    openDifferences === 0 ? 'No open differences.' : `Open differences: ${openDifferences}`,
  ].join('\n');
}

/** A column for each currency. */
function moneyLines(money: readonly MoneyTotals[]): string[] {
  const shown = money.map(shownTotals);
  const of = (label: string, amounts: (string | undefined)[]) => [label, ...amounts];
  const kinds = FINDING_KINDS.filter((kind) => shown.some(({ differences }) => differences[kind]));
  const differences = (kind: FindingKind) => shown.map((totals) => totals.differences[kind]);
  return tableLines(
    ['MONEY', ...shown.map(({ currency }) => currency)],
    [
      of(
        'in the ledger',
        shown.map(({ ledger }) => ledger),
      ),
      of(
        'at Impact',
        shown.map(({ impact }) => impact),
      ),
      ...kinds.map((kind) => of(`difference: ${kind}`, differences(kind))),
    ],
  );
}
