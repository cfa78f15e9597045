import { expect, test } from 'vitest';
import { readyText } from '../../dev/ready-text.js';

const STACK = {
  apiUrl: 'http://127.0.0.1:3100',
  apiMetricsUrl: 'http://127.0.0.1:9565/metrics',
  workerMetricsUrl: 'http://127.0.0.1:9564/metrics',
  consoleUrl: 'http://127.0.0.1:3100/console',
  temporalAddress: '127.0.0.1:7333',
  temporalUiUrl: 'http://127.0.0.1:8333',
  mongoUri: 'mongodb://127.0.0.1:27118/affiliate?replicaSet=rs0',
  issuerUrl: 'http://127.0.0.1:4111',
  impactUrl: 'http://127.0.0.1:4110',
};

test('says what to do next, with the ports of this stack and without a directory that is the default', () => {
  const text = readyText(STACK, '.data');
  expect(text).toContain(
    '  curl -s http://127.0.0.1:3100/v1/me -H "Authorization: Bearer $(npm run -s token)" -H "X-Affiliate-Click-Id: 3t6RuJ:x0"\n',
  );
  expect(text).toContain('Bearer $(npm run -s token -- machine)"\n');
  expect(text).toContain('  npm run -s conversions -- list\n');
  expect(text).toContain('http://127.0.0.1:3100/docs  http://127.0.0.1:3100/console  http://127.0.0.1:8333');
});

test('names the directory of a second stack in every command for it', () => {
  const text = readyText(STACK, "my data/of kim's");
  const own = `--data-dir 'my data/of kim'\\''s'`;
  expect(text).toContain(`$(npm run -s token -- ${own})`);
  expect(text).toContain(`$(npm run -s token -- machine ${own})`);
  expect(text).toContain(`npm run -s conversions -- list ${own}\n`);
});

test('shows no console that is off', () => {
  const { consoleUrl: _, ...stack } = STACK;
  expect(readyText(stack, '.data')).not.toMatch(/undefined|console/);
});

test('shows no link to a Temporal UI that it does not know', () => {
  const { temporalUiUrl: _, ...stack } = STACK;
  expect(readyText(stack, '.data')).not.toMatch(/undefined|parked conversions|Temporal UI/);
});
