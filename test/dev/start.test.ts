import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import type { StackInfo } from '../../dev/data-dir.js';
import { isListening } from '../../dev/ports.js';
import { tempDir } from './support.js';

const run = promisify(execFile);

test('goes on with the same data after it was killed, and leaves nothing behind after Ctrl-C', async () => {
  const dataDir = await tempDir();
  const first = start(dataDir);
  const firstInfo = await first.ready();
  const user = await fetchMe(firstInfo, dataDir);
  expect(user).toMatchObject({ clerkId: 'user_1' });

  const rival = start(dataDir);
  await expect(rival.exitCode()).resolves.toBe(1);
  expect(rival.output()).toContain('A stack already runs on');

  first.process.kill('SIGKILL');
  const second = start(dataDir);
  const secondInfo = await second.ready();
  expect(await portsListening(firstInfo)).toEqual([]);
  expect(await fetchMe(secondInfo, dataDir)).toEqual(user);

  second.process.kill('SIGINT');
  await expect(second.exitCode()).resolves.toBe(0);
  expect(await portsListening(secondInfo)).toEqual([]);
  await expect(stat(join(dataDir, 'stack.json'))).rejects.toThrow('ENOENT');
}, 90_000);

test('says which process ended by itself, its last words and its log, and ends too', async () => {
  const dataDir = await tempDir();
  const broken = start(dataDir, { ...realSystems(), MONGODB_URI: 'mysql://nowhere' });

  await expect(broken.exitCode()).resolves.toBe(1);

  expect(broken.output()).toMatch(/(api|worker) ended unexpectedly \(exit code 1\)/);
  expect(broken.output()).toContain('MONGODB_URI: must begin with mongodb://');
  expect(broken.output()).toContain(join(dataDir, 'logs'));
});

test('stops in order when npm is killed', async () => {
  const dataDir = await tempDir();
  const npm = start(dataDir, realSystems(), ['npm', 'start', '--']);
  const { apiUrl } = await npm.ready();

  npm.process.kill('SIGKILL');

  const timeout = 20_000;
  await vi.waitFor(() => expect(stat(join(dataDir, 'stack.json'))).rejects.toThrow('ENOENT'), { timeout });
  expect(await isListening(portOf(apiUrl))).toBe(false);
}, 60_000);

/** Nothing embedded but the token issuer, so that only the project's own processes have to start. */
function realSystems() {
  return {
    MONGODB_URI: `mongodb://127.0.0.1:${inject('mongoPort')}/start-test?replicaSet=rs0`,
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    IMPACT_BASE_URL: 'http://127.0.0.1:1',
  };
}

function start(
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
  command = ['node', '--import', 'tsx', 'dev/start.ts'],
) {
  const [file = 'node', ...args] = command;
  const child = spawn(file, [...args, '--data-dir', dataDir], {
    env: { ...process.env, npm_lifecycle_event: undefined, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGTERM'));
  const text = collectOutput(child);
  const closed = once(child, 'close');
  return {
    process: child,
    output: () => text.join(''),
    exitCode: async (): Promise<number | null> => (await closed)[0],
    async ready(): Promise<StackInfo> {
      const isReady = () => expect(text.join('')).toMatch(/^ready {2}API http.*$/m);
      await Promise.race([vi.waitFor(isReady, { timeout: 60_000, interval: 100 }), closed.then(isReady)]);
      return JSON.parse(await readFile(join(dataDir, 'stack.json'), 'utf8')) as StackInfo;
    },
  };
}

function collectOutput(child: ChildProcess): string[] {
  const text: string[] = [];
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => text.push(String(chunk)));
  return text;
}

async function fetchMe({ apiUrl }: StackInfo, dataDir: string): Promise<unknown> {
  const token = await run('node', ['--import', 'tsx', 'dev/token.ts', 'user_1', '--data-dir', dataDir]);
  const headers = { authorization: `Bearer ${token.stdout.trim()}` };
  const response = await fetch(`${apiUrl}/v1/me`, { headers });
  expect(response.status).toBe(200);
  return response.json();
}

async function portsListening(info: StackInfo): Promise<string[]> {
  const urls = Object.values(info);
  const listening = await Promise.all(urls.map((url) => isListening(portOf(url))));
  return urls.filter((_, index) => listening[index]);
}

function portOf(url: string): number {
  return Number(/:(\d+)/.exec(url)?.[1]);
}
