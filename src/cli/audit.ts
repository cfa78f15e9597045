import { writeFile } from 'node:fs/promises';
import { findFindings } from '../audit/write-audit.js';
import { type AuditWindow, countDifferences, countFindings } from '../domain/audit.js';
import { momentOf } from '../domain/moment.js';
import { runAudit } from '../operations/run-audit.js';
import { auditTable, findingsCsv } from './audit-output.js';
import { printResult } from './output.js';
import type { SharedOptions } from './program.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';
import { UsageError } from './usage-error.js';

interface Options extends SharedOptions {
  from: string;
  to: string;
  csv?: string | undefined;
}

/** Longer than an audit of 100,000 conversions takes; after that it goes on without this command. */
const PATIENCE_MS = 15 * 60_000;

const DAY_MS = 86_400_000;

/** https://integrations.impact.com/impact-brand/reference/list-all-actions: "more than 3 years in the past" is refused. */
const MAX_AGE_DAYS = 3 * 365;

/** @returns the exit code: 0 no differences, 1 differences */
export async function audit(options: Options, shell: Shell): Promise<number> {
  const { csv: csvFile, json } = options;
  const window = readWindow(options);
  return withSystem({ ...shell, ...options }, async ({ db, temporal }) => {
    const summary = await runAudit(temporal, window, { patienceMs: PATIENCE_MS, say: shell.say });
    const findings = await findFindings(db, summary.auditId);
    const total = countFindings(summary);
    if (csvFile !== undefined) await writeFile(csvFile, findingsCsv(findings));
    printResult(shell, json, { ...summary, findings }, () => auditTable(summary, findings));
    if (findings.length < total)
      shell.say(`Only the first ${findings.length} of ${total} were kept: audit fewer days to see them all.`);
    return countDifferences(summary) === 0 ? 0 : 1;
  });
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
