import { readdir } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readProjectFile } from '../deployment/project-files.js';
import { PROMETHEUS_DIR, promtool, readAlerts } from './files.js';

const rules = (await readAlerts()).groups.flatMap(({ rules }) => rules);
const testFiles = (await readdir(PROMETHEUS_DIR)).filter((file) => file.endsWith('.test.yml'));

test.each([
  ['the alert rules', ['check', 'rules', 'alerts.yml']],
  ['the example configuration', ['check', 'config', 'prometheus.yml']],
])('promtool accepts %s', async (_, args) => {
  expect(await promtool(args)).toMatchObject({ exitCode: 0 });
});

test('the alerts fire when they should, and only then', async () => {
  expect(testFiles.length).toBeGreaterThan(0);
  expect(await promtool(['test', 'rules', ...testFiles])).toMatchObject({ exitCode: 0 });
});

test('each alert is seen to fire', async () => {
  const texts = await Promise.all(testFiles.map((file) => readProjectFile(`monitoring/prometheus/${file}`)));
  const fired = texts.flatMap((text) => [
    ...text.matchAll(/alertname(?:: |=")(\w+)(?="?,alertstate|\n\s+exp_alerts)/g),
  ]);
  const names = new Set(fired.map(([, name]) => name));
  expect(new Set(rules.map(({ alert }) => alert))).toEqual(names);
});

test('each alert says how urgent it is, and where it is told what to do', () => {
  for (const { alert, labels, annotations } of rules) {
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  }
});
