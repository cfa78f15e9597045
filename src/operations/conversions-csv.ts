import { payloadWith } from '../domain/adjustment.js';
import type { Conversion } from '../domain/conversion.js';
import { type CsvCell, toCsv } from '../domain/csv.js';
import type { Programme } from '../domain/programme/programme.js';
import { isOfType } from '../ledger/find-contradictions.js';
import { readPage, summarize } from '../ledger/list-conversions.js';
import { type ConversionQuery, type QueryDeps, toFilter } from './query-conversions.js';
import { withOutcomes } from './with-outcomes.js';

const PAGE = 1_000;

const HEADER = [
  ...['conversion_id', 'event', 'status', 'reason', 'outcome', 'occurred_at', 'order_id', 'click_id'],
  ...['amount', 'currency', 'user_id', 'created_at', 'updated_at'],
];

type Row = Omit<Conversion, 'timeline'>;

/**
 * A list of any length as CSV, page by page, in the order of the list. The first part has the titles and the first page.
 * @throws DomainError `invalid_request` as the list does, before the first part
 */
export async function* conversionsCsv(
  deps: QueryDeps,
  query: ConversionQuery,
): AsyncGenerator<string, void, undefined> {
  const filter = await toFilter(deps, query);
  let titles: string[][] = [HEADER];
  let cursor: string | undefined;
  do {
    const page = await readPage(deps.db, filter, { cursor, limit: PAGE }, { timeline: 0 });
    const rows = await withOutcomes(deps.db, page.conversions.map(summarize));
    const lines = page.conversions.map((row, index) => cells(deps.programme, row, rows[index]?.outcome));
    yield toCsv([...titles, ...lines]);
    titles = [];
    cursor = page.nextCursor;
  } while (cursor !== undefined);
}

function cells(programme: Programme, conversion: Row, outcome: string | undefined): CsvCell[] {
  const { _id, campaignEventId, status, reason, attribution, submission, userId, ...rest } = conversion;
  const event = programme.find(campaignEventId);
  const known = event && isOfType(event, conversion) ? event : undefined;
  const amount = known?.amount(payloadWith(conversion, 'effective'));
  return [
    ...[_id, campaignEventId, status, reason, outcome, rest.occurredAt.toISOString()],
    ...[submission?.orderId ?? known?.orderId(conversion), attribution?.clickId],
    ...[amount?.amount, amount?.currencyCode, userId],
    ...[rest.createdAt.toISOString(), rest.updatedAt.toISOString()],
  ];
}
