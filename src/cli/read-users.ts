import { createReadStream } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { type Line, LineError, linesOf } from '../domain/lines.js';
import { readJsonUser, readUserToImport, type UserToImport } from '../domain/user-to-import.js';
import { UsageError } from './usage-error.js';

/** A column of a CSV file, and where its value belongs. `createdAt` and the paths are as mongoexport writes a user. */
const COLUMNS: Readonly<Record<string, 'clerkId' | 'signedUpAt' | 'clickId' | 'capturedAt'>> = {
  clerkId: 'clerkId',
  signedUpAt: 'signedUpAt',
  createdAt: 'signedUpAt',
  clickId: 'clickId',
  'attribution.impact.clickId': 'clickId',
  capturedAt: 'capturedAt',
  'attribution.impact.capturedAt': 'capturedAt',
};

/**
 * The users of a file: NDJSON if its first line is an object, and otherwise CSV with a line of titles, separated by commas,
 * semicolons or tabs. A value has no line breaks, so each line is a user, and a broken one spoils no other.
 * @throws UsageError where the file, or its line of titles, is not readable
 */
export async function* readUsers(file: string): AsyncGenerator<Line<UserToImport>> {
  let read: ((text: string) => UserToImport) | undefined;
  const lines = linesOf(chunksOf(file), (text): UserToImport | null => {
    if (read) return read(text);
    const isJson = text.trimStart().startsWith('{');
    read = isJson ? readJsonUser : csvReader(file, text);
    return isJson ? read(text) : null;
  });
  for await (const line of lines) {
    if ('fault' in line) {
      if (!read) throw new UsageError(`${file}: the first line is not readable. ${line.fault.detail}`);
      yield line;
    } else if (line.value) yield { line: line.line, value: line.value };
  }
}

async function* chunksOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file);
  } catch (error) {
    const { code, message, syscall } = error as NodeJS.ErrnoException;
    throw syscall === undefined ? error : new UsageError(`${file} is not readable: ${code ?? message}`);
  }
}

/** @throws UsageError */
function csvReader(file: string, titles: string) {
  const columns = cellsOf(titles).map((title) => {
    const column = COLUMNS[title];
    if (column) return column;
    const known = Object.keys(COLUMNS).join(', ');
    throw new UsageError(`${file} has a column "${title}". Known columns: ${known}. Leave the others out.`);
  });
  if (!columns.includes('clerkId') || new Set(columns).size < columns.length)
    throw new UsageError(`${file} needs one column clerkId, and each of the others once at most.`);
  return (text: string) => {
    const cells = cellsOf(text);
    if (cells.length !== columns.length) {
      const detail = `The line has ${cells.length} cells, and the line of titles ${columns.length}.`;
      throw new LineError({ code: 'malformed_csv', detail });
    }
    const filled = columns.flatMap((column, index) => (cells[index] ? [[column, cells[index]]] : []));
    const { clickId, capturedAt, ...user } = Object.fromEntries(filled);
    const hasClick = clickId !== undefined || capturedAt !== undefined;
    return readUserToImport({
      ...user,
      ...(hasClick && { attribution: { impact: { clickId, capturedAt } } }),
    });
  };
}

/** @throws LineError */
function cellsOf(text: string): string[] {
  try {
    const [cells = []] = parse(text, { delimiter: [',', ';', '\t'], trim: true, relax_column_count: true });
    return cells;
  } catch (error) {
    const [detail = ''] = (error as Error).message.split('\n');
    throw new LineError({ code: 'malformed_csv', detail: `${detail.replace(/ at line 1\b/, '')}.` });
  }
}
