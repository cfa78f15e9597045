import { describe, expect, it } from 'vitest';
import { freshMongoUri } from '../support/mongo.js';
import { runCli } from '../support/run-cli.js';

const NODE_OPTIONS = `--import ${new URL('../support/say-modules.js', import.meta.url).href}`;

/** The packages that a command loads, apart from those of tsx. */
async function loadedBy(args: string[], env: Record<string, string> = {}): Promise<string[]> {
  const { exitCode, stdout, stderr } = await runCli(args, { ...env, NODE_OPTIONS });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '').packages;
}

/** Each command took seconds on a busy machine, because all commands and their clients were loaded first. */
describe('a command loads only what it uses', () => {
  it.concurrent.each([[['--help']], [['retry', '--help']], [['--version']]])(
    'and help loads no client: %j',
    async (args) => {
      const packages = await loadedBy(args);
      expect(packages).toContain('commander');
      for (const client of ['@temporalio/client', '@grpc/grpc-js', 'mongoose', 'mongodb', 'prom-client'])
        expect(packages).not.toContain(client);
    },
  );

  it.concurrent.each([[['list']], [['audit', '--findings']]])(
    'and does not load the client of Temporal for the database alone: %j',
    async (args) => {
      const packages = await loadedBy(args, { MONGODB_URI: freshMongoUri() });
      expect(packages).toContain('mongoose');
      for (const client of ['@temporalio/client', '@grpc/grpc-js', 'prom-client'])
        expect(packages).not.toContain(client);
    },
  );

  it.concurrent('and the check of a programme loads no client at all', async () => {
    const packages = await loadedBy(['programme', 'check', 'examples/programme.json']);
    for (const client of ['@temporalio/client', '@grpc/grpc-js', 'mongoose', 'mongodb', 'prom-client'])
      expect(packages).not.toContain(client);
  });
});
