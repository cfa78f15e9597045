import { cut, oneLine } from './foreign-text.js';

/** Foreign text in the Markdown that the Temporal UI renders: shown as plain text, it formats nothing. */

/** In prose, on one line. */
export function plain(text: string, maxLength = 1_000): string {
  return shorten(text, maxLength).replace(/[\\`*[\]<>|~]/g, '\\$&');
}

/** As code, on one line. Its fence is longer than any run of backticks in it. */
export function code(text: string, maxLength = 1_000): string {
  const line = shorten(text, maxLength);
  const longestRun = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longestRun + 1);
  const pad = /^`|`$/.test(line) ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

function shorten(text: string, maxLength: number): string {
  return cut(oneLine(text), maxLength);
}
