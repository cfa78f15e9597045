import { campaignEvents } from '../domain/campaign-events/index.js';
import { type Conversion, workflowId } from '../domain/conversion.js';
import { printable } from '../domain/foreign-text.js';
import { findConversion } from '../ledger/find-conversion.js';
import { type Explanation, explainConversion } from '../operations/explain-conversion.js';
import { oneId, readArguments, usageOf } from './command-arguments.js';
import { jsonText, tableLines } from './output.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';

const USAGE = usageOf('explain <id>');

/** Reads the ledger alone, so it works while Temporal is down. */
export async function explain(args: string[], shell: Shell): Promise<number> {
  const { values, positionals } = readArguments(USAGE, args, {});
  const id = oneId(USAGE, positionals);
  const conversion = await withSystem(shell, values['data-dir'], ({ db }) => findConversion(db, id));
  const explanation = explainConversion(conversion, campaignEvents);
  const format = values.json ? explanationJson : explanationText;
  shell.print(format(conversion, explanation));
  return 0;
}

/** The whole ledger document, with internal fields that `GET /v1/conversions/{id}` leaves out. */
export function explanationJson(conversion: Conversion, { code, meaning, action }: Explanation): string {
  const { _id: conversionId, ...rest } = conversion;
  const answer = { conversionId, workflowId: workflowId(conversionId), ...rest };
  return jsonText({ ...answer, explanation: { code, text: meaning, next: action } });
}

export function explanationText(conversion: Conversion, explanation: Explanation): string {
  const { timeline, adjustments = [] } = conversion;
  const lines = [...facts(conversion, explanation), ''];
  const steps = timeline.map(({ at, status, reason, detail }) => [at, status, reason, detail]);
  lines.push(...tableLines(['AT', 'STATUS', 'REASON', ''], steps));
  const adjusted = adjustments.map((adjustment) => {
    const { requestedAt, kind, requestedBy, status, parkReason, detail } = adjustment;
    return [requestedAt, kind, requestedBy, status, parkReason, detail];
  });
  const titles = ['REQUESTED', 'ADJUSTMENT', 'BY', 'STATUS', 'REASON', ''];
  if (adjusted.length > 0) lines.push('', ...tableLines(titles, adjusted));
  return lines.join('\n');
}

function facts(conversion: Conversion, { meaning, action }: Explanation): string[] {
  const { _id: id, status, reason, submission, userId, occurredAt, attribution } = conversion;
  const rows: [name: string, value: string | null | undefined][] = [
    ['conversion', id],
    ['status', reason === undefined ? status : `${status} (${reason})`],
    ['why', meaning],
    ['what next', action],
    ['workflow', workflowId(id)],
    ['order', submission?.orderId],
    ['user', userId],
    ['occurred', occurredAt.toISOString()],
    ['click', attribution && `${attribution.clickId}, captured ${attribution.capturedAt.toISOString()}`],
  ];
  return rows.flatMap(([name, value]) => (value ? [`${name.padEnd(12)}${printable(value)}`] : []));
}
