import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { promtool, readDashboard, readExpressions } from './files.js';

const { panels, templating } = await readDashboard();
const queried = panels.filter(({ type }) => type !== 'row');

test('each panel has an id of its own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
});

test('each panel has a query, and each query of a panel has its own letter', () => {
  for (const { title, targets = [] } of queried) {
    const letters = targets.map(({ refId }) => refId);
    expect({ title, asks: letters.length > 0 }).toEqual({ title, asks: true });
    expect(new Set(letters).size).toBe(letters.length);
  }
});

test('no panel overlaps another or leaves the grid', () => {
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
  );
  expect(new Set(cells).size).toBe(cells.length);
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});

test('each panel queries the Prometheus that the user selects above the panels', () => {
  expect(templating.list.map(({ name }) => name)).toEqual(['datasource']);
  const sources = [...JSON.stringify(panels).matchAll(/"uid":"([^"]*)"/g)].map(([, uid]) => uid);
  expect(new Set(sources)).toEqual(new Set([`\${datasource}`]));
});

test('Prometheus accepts each query', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-dashboard-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const expressions = await readExpressions();
  const rules = expressions.map(({ expr }, index) => ({ record: `query:${index}`, expr }));
  await writeFile(join(directory, 'queries.yml'), stringify({ groups: [{ name: 'queries', rules }] }));
  const { exitCode, output } = await promtool(['check', 'rules', 'queries.yml'], directory);
  expect({ exitCode, output }).toMatchObject({ exitCode: 0 });
  expect(output).toContain(`${expressions.length} rules found`);
});
