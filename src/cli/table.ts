import { printable } from './printable.js';

/** Lines with columns as wide as their widest cell. */
export function tableLines(titles: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const table = [titles, ...rows.map((row) => row.map(printable))];
  const widths = titles.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  return table.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
