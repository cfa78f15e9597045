import { writeFile } from 'node:fs/promises';
import type { ConversionStatus } from '../domain/conversion.js';
import { printable } from '../domain/foreign-text.js';
import { momentOf } from '../domain/moment.js';
import { type ConversionPage, type ConversionSummary, listConversions } from '../ledger/list-conversions.js';
import { conversionsCsv } from '../operations/conversions-csv.js';
import { toFilter } from '../operations/query-conversions.js';
import { age } from './age.js';
import { nextCommand } from './next-command.js';
import { printResult, styleStatus, tableLines } from './output.js';
import type { SharedOptions } from './program.js';
import { noStyle, type Shell, type Style } from './shell.js';
import { withLedger } from './system.js';

interface Options extends SharedOptions {
  status?: ConversionStatus | undefined;
  event?: string | undefined;
  reason?: string | undefined;
  user?: string | undefined;
  clerk?: string | undefined;
  click?: string | undefined;
  order?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  limit: number;
  cursor?: string | undefined;
  csv?: string | undefined;
}

export async function list(options: Options, shell: Shell): Promise<number> {
  const { limit, cursor, csv, json } = options;
  const call = { ...shell, ...options };
  const query = queryOf(options);
  return withLedger(call, async (db, system) => {
    const deps = { db, programme: await system.programme() };
    if (csv !== undefined) {
      await writeFile(csv, conversionsCsv(deps, query));
      return 0;
    }
    const found = await listConversions(db, await toFilter(deps, query), { limit, cursor });
    printResult(shell, json, found, (page) =>
      [listText(page, { now: new Date(), style: shell.style }), ...nextLines(page, options, call)].join('\n'),
    );
    return 0;
  });
}

function queryOf({ user: userId, clerk: clerkId, click: clickId, order: orderId, ...rest }: Options) {
  const { status, event, reason, from = '', to = '' } = rest;
  const span = { occurredFrom: momentOf(from, 'from'), occurredTo: momentOf(to, 'to') };
  return { status, event, reason, userId, clerkId, clickId, orderId, ...span };
}

type Call = Parameters<typeof nextCommand>[0];

/** The commands that an operator most likely types next. */
function nextLines({ conversions, nextCursor }: ConversionPage, options: Options, call: Call): string[] {
  const { json: _json, dataDir: _dataDir, csv: _csv, ...filter } = options;
  const given = Object.entries({ ...filter, cursor: nextCursor });
  const words = given.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]));
  const more = `There are more: ${nextCommand(call, 'list', ...words)}`;
  const unclear = conversions.find((each) => each.reason !== undefined || each.parkedAdjustment);
  const why = unclear && `To see why, and what to do: ${nextCommand(call, 'explain', unclear.conversionId)}`;
  const lines = [...(nextCursor === undefined ? [] : [more]), ...(why === undefined ? [] : [why])];
  return lines.length === 0 ? [] : ['', ...lines.map(printable)];
}

export function listText(
  { conversions }: ConversionPage,
  { now, style = noStyle }: { now: Date; style?: Style },
): string {
  if (conversions.length === 0) return 'No such conversions.';
  const titles = ['CONVERSION', 'STATUS', 'REASON', 'SINCE', 'USER', 'OCCURRED', 'ORDER'];
  const rows = conversions.map((conversion) => cells(conversion, now));
  return tableLines(titles, rows, { STATUS: (text) => styleStatus(style, text) }).join('\n');
}

/** A parked refund or new amount is shown beside the conversion's own status. Each step sets `updatedAt`. */
function cells(conversion: ConversionSummary, now: Date) {
  const { conversionId, status, reason, parkedAdjustment, userId, occurredAt, updatedAt, orderId } =
    conversion;
  const { kind, parkReason = 'unknown' } = parkedAdjustment ?? {};
  const reasons = [reason, kind && `${kind} parked: ${parkReason}`].filter(Boolean).join('; ');
  return [conversionId, status, reasons, age(updatedAt, now), userId, occurredAt, orderId];
}
