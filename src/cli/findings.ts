import { writeFile } from 'node:fs/promises';
import { acknowledgeFinding } from '../audit/acknowledge-finding.js';
import { countSelected, type FindingSelection, ofStates, walkFindings } from '../audit/find-findings.js';
import { findingsCsv } from '../audit/findings-csv.js';
import {
  FINDING_STATES,
  FINDINGS,
  type FindingState,
  type KeptFinding,
  shownFinding,
} from '../domain/findings.js';
import { printable } from '../domain/foreign-text.js';
import type { Database } from '../mongo.js';
import { findingLines } from './findings-output.js';
import { nextCommand } from './next-command.js';
import { jsonText } from './output.js';
import type { SharedOptions } from './program.js';
import type { Shell } from './shell.js';
import { withLedger } from './system.js';
import { UsageError } from './usage-error.js';

export interface AuditOptions extends SharedOptions {
  from?: string | undefined;
  to?: string | undefined;
  findings?: boolean | undefined;
  state?: FindingState | 'all' | undefined;
  acknowledge?: string | undefined;
  reason?: string | undefined;
  by: string;
  csv?: string | undefined;
}

/** Lists or acknowledges kept findings, which needs MongoDB alone. */
export async function handleFindings(options: AuditOptions, shell: Shell): Promise<number> {
  const { findings, acknowledge, state, reason, csv, from, to } = options;
  if (from !== undefined || to !== undefined)
    throw new UsageError('--from and --to are for an audit, without --findings and --acknowledge.');
  if (acknowledge === undefined) {
    if (reason !== undefined) throw new UsageError('--reason goes with --acknowledge.');
    return list(options, shell);
  }
  if (findings || state !== undefined || csv !== undefined)
    throw new UsageError('--acknowledge is for one finding: no --findings, no --state, and no --csv.');
  if (reason === undefined) throw new UsageError('Why may it stay? Give --reason: the finding keeps it.');
  return acknowledgeOne(acknowledge, reason, options, shell);
}

async function acknowledgeOne(id: string, reason: string, options: AuditOptions, shell: Shell) {
  const call = { ...shell, ...options };
  const kept = await withLedger(call, (db) => acknowledgeFinding(db, id, { by: options.by, reason }));
  if (options.json) shell.print(jsonText(shownFinding(kept)));
  else {
    const next = nextCommand(call, 'audit', '--findings');
    shell.print(printable(`Acknowledged ${id}. It alarms again if its amounts change.`));
    shell.print(printable(`To see what is still open: ${next}`));
  }
  return 0;
}

async function list(options: AuditOptions, shell: Shell): Promise<number> {
  const { state = 'open' } = options;
  const states = state === 'all' ? FINDING_STATES : [state];
  await withLedger({ ...shell, ...options }, (db) =>
    printFindings(db, ofStates(states), options, shell, { json: {} }),
  );
  return 0;
}

/** As many as fit on a terminal; the CSV and the JSON have all. */
const MAX_ROWS = 50;

/** @param head and `json` what comes before the findings */
export async function printFindings(
  db: Database,
  selected: FindingSelection,
  options: AuditOptions,
  shell: Shell,
  { head, json }: { head?: string; json: object },
): Promise<void> {
  if (options.csv !== undefined) await writeFile(options.csv, findingsCsv(walkFindings(db, selected)));
  if (options.json) {
    const all = await first(walkFindings(db, selected), Number.POSITIVE_INFINITY);
    shell.print(jsonText({ ...json, findings: all.map(shownFinding) }));
    return;
  }
  const total = await countSelected(db, selected);
  const findings = await first(walkFindings(db, selected), MAX_ROWS);
  const lines = findingLines(findings, { total, now: new Date(), style: shell.style });
  const open = findings.find(({ state, kind }) => state === 'open' && FINDINGS[kind].isDifference);
  const command = (...args: string[]) => printable(nextCommand({ ...shell, ...options }, ...args));
  const next = open
    ? ['', `If one may stay as it is: ${command('audit', '--acknowledge', open._id, '--reason', 'why')}`]
    : [];
  shell.print([...(head === undefined ? [] : [head, '']), ...lines, ...next].join('\n'));
}

async function first(findings: AsyncIterable<KeptFinding>, count: number): Promise<KeptFinding[]> {
  const found: KeptFinding[] = [];
  for await (const finding of findings) {
    if (found.push(finding) >= count) break;
  }
  return found;
}
