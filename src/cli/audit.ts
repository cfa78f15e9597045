import { ofWindow } from '../audit/find-findings.js';
import { type AuditSummary, type AuditWindow, shownTotals } from '../domain/audit.js';
import { momentOf } from '../domain/moment.js';
import { runAudit } from '../operations/run-audit.js';
import { auditTable } from './audit-output.js';
import { type AuditOptions, printFindings } from './findings.js';
import { nextCommand } from './next-command.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';
import { UsageError } from './usage-error.js';

/** Longer than an audit of 100,000 conversions takes; after that it goes on without this command. */
const PATIENCE_MS = 15 * 60_000;

const DAY_MS = 86_400_000;

/** https://integrations.impact.com/impact-brand/reference/list-all-actions: "more than 3 years in the past" is refused. */
const MAX_AGE_DAYS = 3 * 365;

/** @returns the exit code: 0 no open differences, 1 differences that no operator has acknowledged */
export async function audit(options: AuditOptions, shell: Shell): Promise<number> {
  const window = readArguments(options, (...args) => nextCommand({ ...shell, ...options }, ...args));
  return withSystem({ ...shell, ...options }, async ({ db, temporal }) => {
    const summary = await runAudit(temporal, window, { patienceMs: PATIENCE_MS, say: shell.say });
    const selected = ofWindow({ from: new Date(window.from), to: new Date(window.to) });
    await printFindings(db, selected, options, shell, {
      head: auditTable(summary),
      json: shownSummary(summary),
    });
    return summary.openDifferences === 0 ? 0 : 1;
  });
}

function shownSummary({ money, ...summary }: AuditSummary) {
  return { ...summary, money: money.map(shownTotals) };
}

function readArguments({ from, to, state, reason }: AuditOptions, command: (...args: string[]) => string) {
  if (state !== undefined) throw new UsageError('--state goes with --findings.');
  if (reason !== undefined) throw new UsageError('--reason goes with --acknowledge.');
  if (from === undefined || to === undefined)
    throw new UsageError(
      `Which days? Give --from and --to. To see what earlier audits have found: ${command('audit', '--findings')}`,
    );
  return readWindow({ from, to });
}

/** @throws UsageError */
export function readWindow(days: { from: string; to: string }, now = new Date()): AuditWindow {
  const from = readTime('from', days.from);
  const to = readTime('to', days.to);
  if (from >= to) throw new UsageError(`--from ${days.from} is not before --to ${days.to}.`);
  if (from > now) throw new UsageError(`--from ${days.from} is in the future.`);
  if (now.getTime() - from.getTime() > MAX_AGE_DAYS * DAY_MS)
    throw new UsageError(`--from ${days.from} is more than three years ago: Impact lists no Actions so old.`);
  return { from: from.toISOString(), to: to.toISOString() };
}

function readTime(option: 'from' | 'to', text: string): Date {
  const moment = momentOf(text, option);
  if (moment) return moment;
  throw new UsageError(`--${option} ${text} is not a date such as 2026-11-01.`);
}
