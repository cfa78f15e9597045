import type { FieldError } from './errors.js';

export const LINE_FAULTS = [
  'line_too_long',
  'not_utf8',
  'malformed_json',
  'malformed_csv',
  'invalid_request',
  'user_erased',
] as const;

/** Why a line of a file is refused. */
export interface LineFault {
  code: (typeof LINE_FAULTS)[number];
  detail: string;
  errors?: readonly FieldError[];
}

/** A line with its number, which begins at 1: what was read of it, or what is wrong with it. */
export type Line<T> = { line: number } & ({ value: T } | { fault: LineFault });

/** Far longer than the line of any user. */
export const MAX_LINE_BYTES = 4_096;

const NEWLINE = 0x0a;

const TOO_LONG: LineFault = {
  code: 'line_too_long',
  detail: `The line has more than ${MAX_LINE_BYTES} bytes.`,
};

/**
 * Splits a text of any length into its lines, and keeps no more of it than one line. Empty lines are left out, and counted.
 * @param read what it throws as a `LineError` is the fault of the line alone
 */
export async function* linesOf<T>(
  chunks: AsyncIterable<Uint8Array>,
  read: (text: string) => T,
): AsyncGenerator<Line<T>> {
  let line = 0;
  for await (const bytes of rawLines(chunks)) {
    line += 1;
    const result = bytes === null ? { fault: TOO_LONG } : readLine(bytes, read);
    if (result) yield { line, ...result };
  }
}

/** @returns each line as its bytes, or null where it is too long */
async function* rawLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer | null> {
  let parts: Uint8Array[] = [];
  let length = 0;
  const end = () => {
    const bytes = length > MAX_LINE_BYTES ? null : Buffer.concat(parts);
    parts = [];
    length = 0;
    return bytes;
  };
  const add = (part: Uint8Array) => {
    length += part.length;
    if (length > MAX_LINE_BYTES) parts = [];
    else parts.push(part);
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, at));
      yield end();
      start = at + 1;
    }
    add(chunk.subarray(start));
  }
  if (length > 0) yield end();
}

/** The fault of a single line. */
export class LineError extends Error {
  override readonly name = 'LineError';

  readonly fault: LineFault;

  constructor(fault: LineFault) {
    super(fault.detail);
    this.fault = fault;
  }
}

/** Drops the mark that some programs write before a text in UTF-8. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

function readLine<T>(bytes: Buffer, read: (text: string) => T): { value: T } | { fault: LineFault } | null {
  try {
    const text = decode(bytes);
    return text.trim() === '' ? null : { value: read(text) };
  } catch (error) {
    if (error instanceof LineError) return { fault: error.fault };
    throw error;
  }
}

function decode(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new LineError({ code: 'not_utf8', detail: 'The line is not in UTF-8.' });
  }
}
