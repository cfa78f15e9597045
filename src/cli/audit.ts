import { writeFile } from 'node:fs/promises';
import { findFindings } from '../audit/write-audit.js';
import { type AuditWindow, countDifferences, countFindings } from '../domain/audit.js';
import { runAudit } from '../operations/run-audit.js';
import { auditTable, findingsCsv } from './audit-output.js';
import { readOptions, UsageError, usageOf } from './command-arguments.js';
import { printResult } from './output.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';

const USAGE = [
  usageOf('audit --from 2026-11-01 --to 2026-11-23 [--csv FILE]'),
  'Days are UTC days, and the audit includes the last one. A time such as 2026-11-01T12:00:00Z is exact.',
].join('\n');

/** Longer than an audit of 100,000 conversions takes; after that it goes on without this command. */
const PATIENCE_MS = 15 * 60_000;

const DAY_MS = 86_400_000;

/** https://integrations.impact.com/impact-brand/reference/list-all-actions: "more than 3 years in the past" is refused. */
const MAX_AGE_DAYS = 3 * 365;

/** @returns the exit code: 0 no differences, 1 differences */
export async function audit(args: string[], shell: Shell): Promise<number> {
  const { window, csvFile, json, dataDir } = readAuditArguments(args);
  return withSystem(shell, dataDir, async ({ db, temporal }) => {
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
export function readAuditArguments(args: string[], now = new Date()) {
  const values = readOptions(USAGE, args, {
    from: { type: 'string' },
    to: { type: 'string' },
    csv: { type: 'string' },
  });
  const { csv: csvFile, json, 'data-dir': dataDir } = values;
  return { window: readWindow(values, now), csvFile, json, dataDir };
}

function readWindow(days: { from?: string; to?: string }, now: Date): AuditWindow {
  const from = readTime('--from', days.from, 0);
  const to = readTime('--to', days.to, DAY_MS);
  if (from >= to) throw new UsageError(`--from ${days.from} is not before --to ${days.to}.`);
  if (from > now) throw new UsageError(`--from ${days.from} is in the future.`);
  if (now.getTime() - from.getTime() > MAX_AGE_DAYS * DAY_MS)
    throw new UsageError(`--from ${days.from} is more than three years ago: Impact lists no Actions so old.`);
  return { from: from.toISOString(), to: to.toISOString() };
}

/** @param dayMs what to add to a day without a time: nothing for its beginning, or a day for its end */
function readTime(option: string, text: string | undefined, dayMs: number): Date {
  if (text === undefined) throw new UsageError(`${option} is missing.\n${USAGE}`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isDay ? `${text}T00:00:00Z` : text);
  const exists = !Number.isNaN(time.getTime()) && (!isDay || time.toISOString().startsWith(text));
  if (!(isDay || isTime) || !exists)
    throw new UsageError(`${option} ${text} is not a date such as 2026-11-01.\n${USAGE}`);
  return new Date(time.getTime() + (isDay ? dayMs : 0));
}
