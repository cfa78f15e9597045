import type { FindingState, KeptFinding } from '../domain/findings.js';
import { decimalOf, type Money } from '../domain/money.js';
import { age } from './age.js';
import { tableLines } from './output.js';
import { noStyle, type Style } from './shell.js';

const TITLES = ['FINDING', 'STATE', 'SINCE', 'LEDGER', 'IMPACT', 'DIFFERENCE', 'STATUS', 'ACTIONS', ''];

const FORMATS: Readonly<Record<FindingState, Parameters<Style>[0]>> = {
  open: 'yellow',
  acknowledged: 'gray',
  closed: 'green',
};

export function findingLines(
  findings: readonly KeptFinding[],
  { total, now, style = noStyle }: { total: number; now: Date; style?: Style },
): string[] {
  if (findings.length === 0) return ['No findings.'];
  const rows = findings.map((finding) => cells(finding, now));
  const styles = { STATE: (text: string) => style(FORMATS[text as FindingState], text) };
  const left = total - findings.length;
  return [
    ...tableLines(TITLES, rows, styles),
    ...(left > 0 ? [`… and ${left} more: --csv FILE has them.`] : []),
  ];
}

function cells(finding: KeptFinding, now: Date) {
  const { _id, state, firstSeenAt, amounts, status, actionIds, detail, acknowledgements } = finding;
  const { by, reason } = acknowledgements.at(-1) ?? {};
  const note = by === undefined ? '' : ` Acknowledged by ${by}: ${reason}`;
  const { ledger, impact, difference } = amounts;
  return [
    ...[_id, state, age(firstSeenAt, now)],
    ...[text(ledger), text(impact), text(difference)],
    ...[status, actionIds.join(' '), `${detail}${note}`],
  ];
}

/** `49.00 USD` */
function text(money: Money | undefined): string | undefined {
  return money && `${decimalOf(money)} ${money.currency}`;
}
