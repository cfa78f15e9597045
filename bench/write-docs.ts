import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { drawChart } from './chart.js';
import type { Row } from './part.js';
import { formatTable } from './table.js';

const DOCS = fileURLToPath(new URL('../docs/', import.meta.url));

/** Puts what a part measured into docs/performance.md, between the part's own two marks, and draws its chart. */
export function writeDocs(
  part: string,
  rows: readonly Row[],
  skipped: readonly string[],
  measuredOn: string,
): void {
  const chart = drawChart(rows);
  if (chart) writeFileSync(`${DOCS}images/performance-${part}.svg`, chart);
  const text = [
    `${measuredOn}, \`npm run bench -- ${part}\`:`,
    formatTable(rows),
    ...skipped.map((each) => `Skipped: ${each}`),
    ...(chart ? [`![${rows.find(({ plot }) => plot)?.plot?.title}](images/performance-${part}.svg)`] : []),
  ].join('\n\n');
  const file = `${DOCS}performance.md`;
  const [begin, end] = [`<!-- bench ${part} -->`, `<!-- end of bench ${part} -->`];
  const [before, rest] = readFileSync(file, 'utf8').split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/performance.md has no marks of the part ${part}`);
  writeFileSync(file, `${before}${begin}\n\n${text}\n\n${end}${after}`);
}
