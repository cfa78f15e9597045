import { meetsGoal, type Row, ratioOf } from './part.js';

const HEADINGS = ['work', 'baseline', 'measured', 'ratio', 'goal', ''] as const;

/** The rows as a Markdown table, which is as readable in a terminal. */
export function formatTable(rows: readonly Row[]): string {
  const cells = [HEADINGS, HEADINGS.map(() => '---'), ...rows.map(toCells)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((line) => line[column]?.length ?? 0)));
  return cells
    .map((line) => `| ${widths.map((width, column) => (line[column] ?? '').padEnd(width)).join(' | ')} |`)
    .join('\n');
}

function toCells(row: Row): string[] {
  const { work, unit, measured, baseline, goal, note = '' } = row;
  const met = meetsGoal(row);
  const bound = goal && ('atMost' in goal ? `≤ ${goal.atMost}` : `≥ ${goal.atLeast}`);
  const ratio = ratioOf(row);
  return [
    work,
    baseline ? `${baseline.what}: ${inUnit(baseline.value, unit)}` : '',
    inUnit(measured, unit),
    ratio === undefined ? '' : significant(ratio),
    bound === undefined ? '' : `${bound}${met ? '' : ' (missed)'}`,
    note,
  ];
}

function inUnit(value: number, unit: Row['unit']): string {
  return unit === 'count' ? significant(value) : `${significant(value)} ${unit}`;
}

/** Three digits: more would be noise. */
function significant(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)));
}
