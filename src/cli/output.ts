import type { ConversionStatus } from '../domain/conversion.js';
import { escapeInJson, printable } from '../domain/foreign-text.js';
import type { OperationResult } from '../operations/signal-conversion.js';
import type { Shell, Style } from './shell.js';

type Cell = string | number | Date | undefined;

/**
 * Lines with columns as wide as their widest cell. A column with a title has a dash in a cell without a value.
 * @param styles of a column, by its title
 */
export function tableLines(
  titles: readonly string[],
  rows: readonly (readonly Cell[])[],
  styles: Readonly<Record<string, (text: string) => string>> = {},
): string[] {
  const show = (cell: Cell, column: number) => {
    const text = cell instanceof Date ? cell.toISOString() : String(cell ?? '');
    return printable(text) || (titles[column] ? '-' : '');
  };
  const body = rows.map((row) => row.map(show));
  const widths = titles.map((title, column) =>
    Math.max(title.length, ...body.map((row) => row[column]?.length ?? 0)),
  );
  const toLine = (row: readonly string[], styled: boolean) =>
    row.map((text, column) => {
      const style = styled ? styles[titles[column] ?? ''] : undefined;
      const padding = ' '.repeat((widths[column] ?? 0) - text.length);
      return `${style ? style(text) : text}${padding}`;
    });
  return [toLine(titles, false), ...body.map((row) => toLine(row, true))].map((row) =>
    row.join('  ').trimEnd(),
  );
}

/** Green is done, yellow waits for a human, grey was decided against. */
const FORMATS: Readonly<Partial<Record<ConversionStatus, Parameters<Style>[0]>>> = {
  confirmed: 'green',
  submitted: 'green',
  parked: 'yellow',
  declined: 'gray',
  skipped: 'gray',
  abandoned: 'gray',
  reversed: 'gray',
};

/** @param text begins with a status, such as `parked (impact_refused)` */
export function styleStatus(style: Style, text: string): string {
  const format = FORMATS[text.split(' ')[0] as ConversionStatus];
  return format === undefined ? text : style(format, text);
}

/** Prints a command's result: as JSON for scripts, or formatted for a human. */
export function printResult<T>(
  shell: Shell,
  json: boolean | undefined,
  result: T,
  format: (result: T) => string,
): void {
  shell.print(json ? jsonText(result) : format(result));
}

export function jsonText(value: unknown): string {
  return escapeInJson(JSON.stringify(value, null, 2));
}

/**
 * `Retried signup:1: its workflow was signalled …` The workflow needs a moment, so this says nothing of the new state.
 * @param next the command that shows it
 */
export function formatResult(
  verb: string,
  { conversionId, workflowId }: OperationResult,
  next: string,
): string {
  const lines = [
    `${verb} ${conversionId}: its workflow was signalled and continues.`,
    `workflow  ${workflowId}`,
    `To see its new state: ${next}`,
  ];
  return lines.map(printable).join('\n');
}
