import { printable } from '../domain/foreign-text.js';
import { plural } from '../domain/plural.js';
import type { Database } from '../mongo.js';
import { errorMessage } from '../operations/error-message.js';
import { isKeyOfUsers } from '../users/find-users.js';
import {
  type ImportCounts,
  type ImportDeps,
  type ImportedLine,
  importUsers,
  noneImported,
  previewImport,
} from '../users/import-users.js';
import { createUserIdOf } from '../users/user-id.js';
import { printResult } from './output.js';
import type { SharedOptions } from './program.js';
import { type Progress, showProgress } from './progress.js';
import { readUsers } from './read-users.js';
import { confirm, type Shell } from './shell.js';
import { findSystem, withLedger } from './system.js';

interface Options extends SharedOptions {
  preview?: boolean | undefined;
  yes?: boolean | undefined;
}

/** So many refused lines are shown, and the others counted. */
const MAX_SHOWN = 10;

type Refused = Extract<ImportedLine, { result: 'refused' }>;

type Outcome = ImportCounts & { refusals: Omit<Refused, 'result'>[] };

/** Counts first, and asks. @returns the exit code: 1 if lines are refused, or the answer was no. @throws UsageError, ConfigError */
export async function importFile(file: string, options: Options, shell: Shell): Promise<number> {
  const system = await findSystem(options.dataDir, shell.environment);
  const userIdOf = createUserIdOf(await system.userIdKey());
  const programme = await system.programme();
  const run = async (db: Database): Promise<number> => {
    const deps = { db, programme, userIdOf };
    const preview = await countLines(previewImport(deps, readUsers(file)));
    const shown = formatPreview(file, preview);
    if (options.preview || preview.created === 0) {
      printResult(shell, options.json, preview, () => shown);
      return exitCodeOf(preview);
    }
    shell.say(shown);
    if (!(await isKeyOfUsers(db, userIdOf))) shell.say(OTHER_KEY);
    const question = `Import ${plural(preview.created, 'user')}, without a signup?`;
    if (!options.yes && !(await confirm(shell, question))) return 1;
    const outcome = await carryOut(deps, file, showProgress(shell.screen, linesIn(preview)));
    printResult(shell, options.json, outcome, formatOutcome);
    return exitCodeOf(outcome);
  };
  return withLedger({ ...shell, ...options }, run, system);
}

const OTHER_KEY =
  'None of the newest users has the id that USER_ID_KEY makes. Unless another system has made them all, it is not the key of the API: users would get other ids than their sales.';

async function carryOut(deps: ImportDeps, file: string, progress: Progress): Promise<Outcome> {
  try {
    return await countLines(importUsers(deps, readUsers(file)), progress);
  } catch (error) {
    const message = `${errorMessage(error)}\nThe import has stopped. Begin it again: users who are there stay as they are.`;
    throw new Error(message, { cause: error });
  } finally {
    progress.stop();
  }
}

async function countLines(batches: AsyncIterable<ImportedLine[]>, progress?: Progress): Promise<Outcome> {
  const outcome: Outcome = { ...noneImported(), refusals: [] };
  for await (const batch of batches) {
    for (const line of batch) {
      outcome[line.result] += 1;
      if (line.result !== 'refused' || outcome.refusals.length === MAX_SHOWN) continue;
      const { result: _refused, ...refusal } = line;
      outcome.refusals.push(refusal);
    }
    progress?.set(linesIn(outcome));
  }
  return outcome;
}

function linesIn({ created, unchanged, refused }: ImportCounts): number {
  return created + unchanged + refused;
}

function exitCodeOf({ refused }: ImportCounts): number {
  return refused === 0 ? 0 : 1;
}

/** `users.csv: 3 new users, 1 known user, who stays as it is, 1 refused line.` */
function formatPreview(file: string, { created, unchanged, refused, refusals }: Outcome): string {
  const known = `${plural(unchanged, 'line')} of known users, who stay as they are`;
  const counts = `${file}: ${plural(created, 'new user')}, ${known}, ${plural(refused, 'refused line')}.`;
  const more = refused - refusals.length;
  return [counts, ...refusals.map(formatRefusal), ...(more > 0 ? [`  and ${more} more`] : [])]
    .map(printable)
    .join('\n');
}

function formatRefusal({ line, detail }: Outcome['refusals'][number]): string {
  return `  line ${line}: ${detail}`;
}

function formatOutcome({ created, unchanged, refused }: Outcome): string {
  const left = refused > 0 ? ` ${plural(refused, 'refused line')} left out.` : '';
  return `Imported ${plural(created, 'user')}. ${plural(unchanged, 'line')} of known users.${left}`;
}
