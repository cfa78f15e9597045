import { findingsOf } from '../audit/find-findings.js';
import { parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, DECIDED_AGAINST, workflowId } from '../domain/conversion.js';
import { type KeptFinding, shownFinding } from '../domain/findings.js';
import { printable } from '../domain/foreign-text.js';
import { findConversion } from '../ledger/find-conversion.js';
import { type Explanation, explainConversion } from '../operations/explain-conversion.js';
import { timeAndAge } from './age.js';
import { findingLines } from './findings-output.js';
import { nextCommand } from './next-command.js';
import { jsonText, styleStatus, tableLines } from './output.js';
import type { SharedOptions } from './program.js';
import { noStyle, type Shell, type Style } from './shell.js';
import { withLedger } from './system.js';

/** Reads the ledger alone, so it works while Temporal is away. */
export async function explain(id: string, options: SharedOptions, shell: Shell): Promise<number> {
  const call = { ...shell, ...options };
  const { conversion, findings } = await withLedger(call, async (db) => ({
    conversion: await findConversion(db, id),
    findings: await findingsOf(db, id),
  }));
  const explanation = explainConversion(conversion);
  if (options.json) shell.print(explanationJson(conversion, explanation, findings));
  else {
    const format = { now: new Date(), style: shell.style };
    shell.print(explanationText(conversion, explanation, format));
    if (findings.length > 0)
      shell.print(['', ...findingLines(findings, { total: findings.length, ...format })].join('\n'));
    const next = nextLine(conversion, explanation, (...args) => nextCommand(call, ...args));
    if (next !== undefined) shell.print(`\n${printable(next)}`);
  }
  return 0;
}

/** The command that moves the conversion on, if a retry can help. */
export function nextLine(
  conversion: Conversion,
  { retry }: Explanation,
  command: (...args: string[]) => string,
): string | undefined {
  const { _id: id, status } = conversion;
  if (retry !== 'yes' && retry !== 'after_fix') return undefined;
  if (DECIDED_AGAINST.includes(status)) return `To report it after all: ${command('retry', id, '--restart')}`;
  if (status !== 'parked' && !parkedAdjustment(conversion)) return undefined;
  return `${retry === 'yes' ? 'To retry it' : 'Once the cause is fixed'}: ${command('retry', id)}`;
}

/** The whole ledger document, with internal fields that `GET /v1/conversions/{id}` leaves out. */
export function explanationJson(
  conversion: Conversion,
  { code, meaning, action }: Explanation,
  findings: readonly KeptFinding[] = [],
): string {
  const { _id: conversionId, ...rest } = conversion;
  const answer = { conversionId, workflowId: workflowId(conversionId), ...rest };
  const explanation = { code, text: meaning, next: action };
  return jsonText({ ...answer, explanation, findings: findings.map(shownFinding) });
}

interface Format {
  now: Date;
  style?: Style;
}

export function explanationText(conversion: Conversion, explanation: Explanation, format: Format): string {
  const { timeline, adjustments = [] } = conversion;
  const lines = [...facts(conversion, explanation, format), ''];
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

function facts(
  conversion: Conversion,
  { meaning, action }: Explanation,
  { now, style = noStyle }: Format,
): string[] {
  const { _id: id, status, reason, submission, userId, occurredAt, attribution } = conversion;
  const since = conversion.timeline.findLast((step) => step.status === status)?.at;
  const rows: [name: string, value: string | null | undefined][] = [
    ['conversion', id],
    ['status', reason === undefined ? status : `${status} (${reason})`],
    ['since', since && timeAndAge(since, now)],
    ['why', meaning],
    ['what next', action],
    ['workflow', workflowId(id)],
    ['order', submission?.orderId],
    ['user', userId],
    ['occurred', timeAndAge(occurredAt, now)],
    ['click', attribution && `${attribution.clickId}, captured ${attribution.capturedAt.toISOString()}`],
  ];
  return rows.flatMap(([name, value]) => {
    if (!value) return [];
    const text = printable(value);
    return [`${name.padEnd(12)}${name === 'status' ? styleStatus(style, text) : text}`];
  });
}
