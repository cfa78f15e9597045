import { CONVERSION_STATUSES, type ConversionStatus } from '../domain/conversion.js';
import { type ConversionPage, type ConversionSummary, listConversions } from '../ledger/list-conversions.js';
import { readOptions, UsageError, usageOf } from './command-arguments.js';
import { printResult, tableLines } from './output.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';

const USAGE = usageOf(
  'list [--status parked] [--event signup] [--reason impact_refused] [--user ID] [--limit 50] [--cursor C]',
);

const MAX_LIMIT = 1_000;

export async function list(args: string[], shell: Shell): Promise<number> {
  const { filter, page, json, dataDir } = readListArguments(args);
  const found = await withSystem(shell, dataDir, ({ db }) => listConversions(db, filter, page));
  printResult(shell, json, found, listText);
  return 0;
}

/** @throws UsageError */
export function readListArguments(args: string[]) {
  const values = readOptions(USAGE, args, {
    status: { type: 'string' },
    event: { type: 'string' },
    reason: { type: 'string' },
    user: { type: 'string' },
    limit: { type: 'string', default: '50' },
    cursor: { type: 'string' },
  });
  const { status, event, reason, user: userId, limit, cursor, json, 'data-dir': dataDir } = values;
  return {
    filter: { status: toStatus(status), event, reason, userId },
    page: { limit: toLimit(limit), cursor },
    json,
    dataDir,
  };
}

function toStatus(text: string | undefined): ConversionStatus | undefined {
  const status = CONVERSION_STATUSES.find((each) => each === text);
  if (status || text === undefined) return status;
  throw new UsageError(`--status ${text} is none of: ${CONVERSION_STATUSES.join(', ')}.\n${USAGE}`);
}

function toLimit(text: string): number {
  const limit = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw new UsageError(`--limit ${text} is not a number from 1 to ${MAX_LIMIT}.\n${USAGE}`);
}

export function listText({ conversions, nextCursor }: ConversionPage): string {
  if (conversions.length === 0) return 'No such conversions.';
  return [
    ...tableLines(['CONVERSION', 'STATUS', 'REASON', 'USER', 'OCCURRED', 'ORDER'], conversions.map(cells)),
    ...(nextCursor === undefined ? [] : ['', `There are more: --cursor ${nextCursor}`]),
  ].join('\n');
}

/** A parked refund or new amount is shown beside the conversion's own status. */
function cells(conversion: ConversionSummary) {
  const { conversionId, status, reason, parkedAdjustment, userId, occurredAt, orderId } = conversion;
  const { kind, parkReason = 'unknown' } = parkedAdjustment ?? {};
  const reasons = [reason, kind && `${kind} parked: ${parkReason}`].filter(Boolean).join('; ');
  return [conversionId, status, reasons, userId, occurredAt, orderId];
}
