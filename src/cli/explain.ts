import { findingsOf } from '../audit/find-findings.js';
import { parkedAdjustment } from '../domain/adjustment.js';
import { type Conversion, DECIDED_AGAINST, workflowId } from '../domain/conversion.js';
import { inWords } from '../domain/duration.js';
import { type KeptFinding, shownFinding } from '../domain/findings.js';
import { printable } from '../domain/foreign-text.js';
import { plural } from '../domain/plural.js';
import type { Programme } from '../domain/programme/programme.js';
import type { ReferralWindow } from '../domain/referral-window.js';
import { findConversion } from '../ledger/find-conversion.js';
import type { Database } from '../mongo.js';
import { type Explanation, explainConversion } from '../operations/explain-conversion.js';
import { windowOf } from '../operations/show-report.js';
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
  return withLedger(call, async (db, system) => {
    if (options.json) await printJson(db, id, shell);
    else await printExplanation(db, id, await system.programme(), call);
    return 0;
  });
}

async function printJson(db: Database, id: string, shell: Shell): Promise<void> {
  const conversion = await findConversion(db, id);
  shell.print(explanationJson(conversion, explainConversion(conversion), await findingsOf(db, id)));
}

/** For a human. */
export async function printExplanation(
  db: Database,
  id: string,
  programme: Programme,
  call: Shell & SharedOptions,
): Promise<void> {
  const conversion = await findConversion(db, id);
  const findings = await findingsOf(db, id);
  const explanation = explainConversion(conversion);
  const format = { now: new Date(), style: call.style, window: windowOf(programme, conversion) };
  call.print(explanationText(conversion, explanation, format));
  if (findings.length > 0)
    call.print(['', ...findingLines(findings, { total: findings.length, ...format })].join('\n'));
  const next = nextLine(conversion, explanation, (...args) => nextCommand(call, ...args));
  if (next !== undefined) call.print(`\n${printable(next)}`);
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
  window?: ReferralWindow | undefined;
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
  { now, style = noStyle, window }: Format,
): string[] {
  const { _id: id, status, reason, submission, userId, occurredAt, attribution, erasedAt } = conversion;
  const since = conversion.timeline.findLast((step) => step.status === status)?.at;
  const rows: [name: string, value: string | null | undefined][] = [
    ['conversion', id],
    ['status', reason === undefined ? status : `${status} (${reason})`],
    ['since', since && timeAndAge(since, now)],
    ['why', meaning],
    ['what next', action],
    ['workflow', workflowId(id)],
    ['order', submission?.orderId],
    ['user', erasedAt ? `${userId}, erased ${erasedAt.toISOString()}` : userId],
    ['occurred', timeAndAge(occurredAt, now)],
    ['click', attribution && `${attribution.clickId}, captured ${attribution.capturedAt.toISOString()}`],
    ['window', window && windowText(window)],
  ];
  return rows.flatMap(([name, value]) => {
    if (!value) return [];
    const text = printable(value);
    return [`${name.padEnd(12)}${name === 'status' ? styleStatus(style, text) : text}`];
  });
}

/** `inside: 30 days after the click it closes, at …, and the event came 12 days before that` */
function windowText({ windowDays, closesAt, occurredAt, isInside }: ReferralWindow): string {
  if (windowDays === null || !closesAt) return "none here: Impact's contract decides";
  const distance = inWords(Math.abs(closesAt.getTime() - occurredAt.getTime()));
  const side = occurredAt <= closesAt ? 'before' : 'after';
  const verdict = isInside ? 'inside' : 'outside';
  return `${verdict}: it closes ${plural(windowDays, 'day')} after the click, at ${closesAt.toISOString()}, and the event came ${distance} ${side} that`;
}
