import { printable } from './foreign-text.js';

export type CsvCell = string | number | undefined;

/** CSV by RFC 4180. Numbers are ours and stay as they are; texts come from outside. */
export function toCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** What a spreadsheet takes for the start of a formula; some take the full-width and the small forms as well. */
const FORMULA = '[=+\\-@＝＋－＠﹦﹢﹣﹫−]';

/**
 * A formula may begin the cell, or follow spaces, quotes or a line break. It may also follow another separator: a
 * spreadsheet whose separator is a semicolon splits the cell there, in spite of the quotes.
 */
const BEFORE_FORMULA = new RegExp(`(^|[;,|\\t\\r\\n])(?=[\\s"']*${FORMULA})`, 'gu');

/** `-5.00` is no formula. */
const NUMBER = /^-?\d+(\.\d+)?$/;

function csvCell(value: CsvCell = ''): string {
  if (typeof value === 'number') return String(value);
  // A cell may have tabs and lines.
  const text = value.replace(/[^\t\r\n]+/g, printable);
  const guarded = NUMBER.test(text) ? text : text.replace(BEFORE_FORMULA, "$1'");
  const quoted = guarded !== text || /[",;|\t\r\n]|^\s|\s$/.test(guarded);
  return quoted ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
