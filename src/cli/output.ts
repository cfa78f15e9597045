import { escapeInJson, printable } from '../domain/foreign-text.js';
import type { OperationResult } from '../operations/signal-conversion.js';
import type { Shell } from './shell.js';

/** Impact, shops and users write into what we print. The line breaks are ours. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

type Cell = string | number | Date | undefined;

/** Lines with columns as wide as their widest cell. A column with a title has a dash in a cell without a value. */
export function tableLines(titles: readonly string[], rows: readonly (readonly Cell[])[]): string[] {
  const show = (cell: Cell, column: number) => {
    const text = cell instanceof Date ? cell.toISOString() : String(cell ?? '');
    return printable(text) || (titles[column] ? '-' : '');
  };
  const table = [titles, ...rows.map((row) => row.map(show))];
  const widths = titles.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const toLine = (row: readonly string[]) => row.map((text, column) => text.padEnd(widths[column] ?? 0));
  return table.map((row) => toLine(row).join('  ').trimEnd());
}

/** Prints a command's result: as JSON for scripts, or formatted for a human. */
export function printResult<T>(shell: Shell, json: boolean, result: T, format: (result: T) => string): void {
  shell.print(json ? jsonText(result) : format(result));
}

export function jsonText(value: unknown): string {
  return escapeInJson(JSON.stringify(value, null, 2));
}

/** `Retried signup:1: its workflow was signalled …` The workflow needs a moment, so this says nothing of the new state. */
export function formatResult(verb: string, { conversionId, workflowId }: OperationResult): string {
  return printableLines(
    [
      `${verb} ${conversionId}: its workflow was signalled and continues.`,
      `workflow  ${workflowId}`,
      `To see its new state: explain '${conversionId}'`,
    ].join('\n'),
  );
}
