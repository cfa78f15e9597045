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

test('promtool passes the rule tests', async () => {
  expect(testFiles.length).toBeGreaterThan(0);
  expect(await promtool(['test', 'rules', ...testFiles])).toMatchObject({ exitCode: 0 });
});

test('a rule test shows each alert firing', async () => {
  const texts = await Promise.all(testFiles.map((file) => readProjectFile(`monitoring/prometheus/${file}`)));
  const fired = texts.flatMap((text) => [
    ...text.matchAll(/alertname(?:: |=")(\w+)(?="?,alertstate|\n\s+exp_alerts)/g),
  ]);
  const names = new Set(fired.map(([, name]) => name));
  expect(new Set(rules.map(({ alert }) => alert))).toEqual(names);
});

test('each alert has a severity and names its section of the runbook', () => {
  for (const { alert, labels, annotations } of rules) {
    expect(['warning', 'critical']).toContain(labels.severity);
    expect(annotations.runbook).toBe(`docs/operations.md#${alert.toLowerCase()}`);
  }
});
