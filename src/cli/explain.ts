import type { Adjustment } from '../domain/adjustment.js';
import { campaignEvents } from '../domain/campaign-events/index.js';
import { type Conversion, workflowId } from '../domain/conversion.js';
import { findConversion } from '../ledger/find-conversion.js';
import { type Explanation, explainConversion } from '../operations/explain-conversion.js';
import { oneId, readArguments, usageOf } from './command-arguments.js';
import { printable } from './printable.js';
import type { Shell } from './shell.js';
import { withDatabase } from './system.js';
import { tableLines } from './table.js';

const USAGE = usageOf('explain <id>');

/** The ledger alone answers, also while Temporal is down. */
export async function explain(args: string[], shell: Shell): Promise<number> {
  const { values, positionals } = readArguments(USAGE, args, {});
  const id = oneId(USAGE, positionals);
  const conversion = await withDatabase(shell, values['data-dir'], (db) => findConversion(db, id));
  const explanation = explainConversion(conversion, campaignEvents);
  shell.print(
    values.json ? explanationJson(conversion, explanation) : explanationText(conversion, explanation),
  );
  return 0;
}

/** As `GET /v1/conversions/{id}` has it. */
export function explanationJson(conversion: Conversion, { code, meaning, action }: Explanation): string {
  const { _id: conversionId, ...rest } = conversion;
  const answer = { conversionId, workflowId: workflowId(conversionId), ...rest };
  return JSON.stringify({ ...answer, explanation: { code, text: meaning, next: action } }, null, 2);
}

export function explanationText(conversion: Conversion, explanation: Explanation): string {
  const {
    _id: id,
    status,
    reason,
    submission,
    userId,
    occurredAt,
    attribution,
    timeline,
    adjustments = [],
  } = conversion;
  const { meaning, action } = explanation;
  const facts = [
    ['conversion', id],
    ['status', reason === undefined ? status : `${status} (${reason})`],
    ['why', meaning],
    ['what next', action],
    ['workflow', workflowId(id)],
    ['order', submission?.orderId],
    ['user', userId],
    ['occurred', occurredAt.toISOString()],
    ['click', attribution && `${attribution.clickId}, captured ${attribution.capturedAt.toISOString()}`],
  ].flatMap(([name, value]) => (name && value ? [`${name.padEnd(12)}${printable(value)}`] : []));
  const steps = timeline.map((entry) => [
    entry.at.toISOString(),
    entry.status,
    entry.reason ?? '-',
    entry.detail ?? '',
  ]);
  const titles = ['AT', 'STATUS', 'REASON', ''];
  return [
    ...facts,
    '',
    ...tableLines(titles, steps),
    ...(adjustments.length > 0
      ? ['', ...tableLines(['ASKED FOR', 'CHANGE', 'BY', 'STATUS', 'REASON', ''], adjustments.map(cells))]
      : []),
  ].join('\n');
}

function cells({ requestedAt, kind, requestedBy, status, parkReason, detail }: Adjustment): string[] {
  return [requestedAt.toISOString(), kind, requestedBy, status, parkReason ?? '-', detail ?? ''];
}
