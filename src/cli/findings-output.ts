import { type CsvCell, toCsv } from '../domain/csv.js';
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

const COLUMNS: Readonly<Record<string, (finding: KeptFinding) => CsvCell>> = {
  finding: ({ _id }) => _id,
  state: ({ state }) => state,
  kind: ({ kind }) => kind,
  order_id: ({ orderId }) => orderId,
  action_tracker_id: ({ actionTrackerId }) => actionTrackerId,
  conversion_id: ({ conversionId }) => conversionId,
  status: ({ status }) => status,
  action_ids: ({ actionIds }) => actionIds.join(' '),
  happened_at: ({ happenedAt }) => happenedAt.toISOString(),
  first_seen_at: ({ firstSeenAt }) => firstSeenAt.toISOString(),
  last_seen_at: ({ lastSeenAt }) => lastSeenAt.toISOString(),
  closed_at: ({ closedAt }) => closedAt?.toISOString(),
  ledger_amount: ({ amounts }) => decimal(amounts.ledger),
  ledger_currency: ({ amounts }) => amounts.ledger?.currency,
  impact_amount: ({ amounts }) => decimal(amounts.impact),
  impact_currency: ({ amounts }) => amounts.impact?.currency,
  difference: ({ amounts }) => decimal(amounts.difference),
  acknowledged_by: ({ acknowledgements }) => acknowledgements.at(-1)?.by,
  acknowledged_for: ({ acknowledgements }) => acknowledgements.at(-1)?.reason,
  detail: ({ detail }) => detail,
};

/** A line at a time, as there may be more findings than fit into memory. */
export async function* findingsCsv(findings: AsyncIterable<KeptFinding>): AsyncGenerator<string> {
  yield toCsv([Object.keys(COLUMNS)]);
  for await (const finding of findings) yield toCsv([Object.values(COLUMNS).map((cell) => cell(finding))]);
}

function decimal(money: Money | undefined): string | undefined {
  return money && decimalOf(money);
}
