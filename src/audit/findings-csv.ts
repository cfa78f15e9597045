import { type CsvCell, toCsv } from '../domain/csv.js';
import { FINDINGS, type KeptFinding } from '../domain/findings.js';
import { decimalOf, type Money } from '../domain/money.js';

const COLUMNS: Readonly<Record<string, (finding: KeptFinding) => CsvCell>> = {
  finding: ({ _id }) => _id,
  state: ({ state }) => state,
  kind: ({ kind }) => kind,
  outcome: ({ kind }) => FINDINGS[kind].outcome,
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
