import { parseEnv } from 'node:util';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { expect, test } from 'vitest';
import { loadApiConfig, loadWorkerConfig } from '../../src/config.js';
import { apiSchema, workerSchema } from '../../src/environment.js';
import { exampleOf } from '../../src/variables.js';
import { configVariables, readProjectFile } from './project-files.js';

const text = await readProjectFile('.env.example');
const example = parseEnv(text) as Record<string, string>;
const names = Object.keys(example);
const isTemporals = (name: string) => name.startsWith('TEMPORAL_');

/** docker-compose.yml needs these: see compose.test.ts. */
const PASSWORDS = ['MONGODB_PASSWORD', 'MONGODB_ROOT_PASSWORD', 'POSTGRES_PASSWORD'];

test('names exactly the variables that the API, the worker and docker-compose.yml declare', async () => {
  const { api, worker } = configVariables;
  const declared = new Set([...api, ...worker, ...PASSWORDS]);
  expect(new Set(names.filter((name) => !isTemporals(name)))).toEqual(declared);
});

test('names only variables of Temporal that Temporal reads', () => {
  const unread = names.filter(isTemporals).filter((name) => outcome({ [name]: 'x' }) === outcome({}));
  expect(unread).toEqual([]);
});

test('explains each variable on the line above', () => {
  const lines = text.split('\n');
  const unexplained = names.filter((name) => {
    const line = lines.findIndex((candidate) => candidate.startsWith(`${name}=`));
    return !/^# \S/.test(lines[line - 1] ?? '');
  });
  expect(unexplained).toEqual([]);
});

test('shows the examples that the error messages show', () => {
  const examples = [apiSchema, workerSchema].flatMap((schema) =>
    Object.keys(schema.shape).map((name) => ({ name, value: exampleOf(schema, name) })),
  );
  const missing = examples.filter(({ name, value }) => value && !paragraphOf(name).includes(value));
  expect(missing).toEqual([]);
});

test('states the defaults of the API', () => {
  const required = {
    MONGODB_URI: String(example.MONGODB_URI),
    AUTH_ISSUER: 'https://clerk.example.com',
    AUTH_AUTHORIZED_PARTIES: 'https://app.example.com',
    USER_ID_KEY: 'k'.repeat(32),
  };
  expect(withoutTemporal(loadApiConfig({ ...example, ...required }))).toEqual(
    withoutTemporal(loadApiConfig(required)),
  );
});

test('states the defaults of the worker', () => {
  const required = { MONGODB_URI: String(example.MONGODB_URI) };
  expect(withoutTemporal(loadWorkerConfig(example))).toEqual(withoutTemporal(loadWorkerConfig(required)));
});

test('holds no secret', () => {
  const secrets = names.filter((name) => /(TOKEN|KEY|SID|PASSWORD|SECRET)$/.test(name) && example[name]);
  expect(secrets).toEqual([]);
});

/** The line of the variable, and the comment above it. */
function paragraphOf(name: string): string {
  const lines = text.split('\n');
  const last = lines.findIndex((line) => line.startsWith(`${name}=`));
  const first = lines.findLastIndex((line, index) => index < last && !line.startsWith('#'));
  return lines.slice(first + 1, last + 1).join('\n');
}

/** The connection's configuration with these variables, or the error. */
function outcome(variables: Record<string, string>): string {
  try {
    return JSON.stringify(loadClientConnectConfig({ disableFile: true, overrideEnvVars: variables }));
  } catch (error) {
    return String(error);
  }
}

/** Temporal's defaults are set in the SDK, so the configuration does not show them. */
function withoutTemporal<T extends { temporal: unknown }>({ temporal: _, ...config }: T) {
  return config;
}
