import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, onTestFinished, test, vi } from 'vitest';
import type { StackInfo } from '../../dev/data-dir.js';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { loadIssuerKey } from '../../dev/issuer-key.js';
import { isListening } from '../../dev/ports.js';
import { signSessionToken } from '../../dev/sign-token.js';
import { createBrowser } from '../support/browser.js';
import { tempDir } from './support.js';

const run = promisify(execFile);

const START = ['node', '--import', 'tsx', 'dev/start.ts'];
/** Without an event of the type sale, and so without the sales that the examples of /docs name. */
const LEADS = {
  campaignId: 50754,
  events: {
    visit_signup: { type: 'lead', actionTrackerId: 71655 },
    trial_start: { type: 'lead', actionTrackerId: 71656, after: 'visit_signup' },
  },
};

test('runs any programme, prints commands that work as they stand, goes on with the same private data after npm was killed, and leaves nothing behind after Ctrl-C', async () => {
  const dataDir = await tempDir();
  await chmod(dataDir, 0o755);
  const file = join(await tempDir(), 'programme.json');
  await writeFile(file, JSON.stringify(LEADS));
  const first = start(dataDir, {}, ['npm', 'start', '--', '--programme', file]);
  const firstInfo = await first.ready();
  expect(firstInfo.programmeFile).toBe(file);
  const user = await fetchMe(firstInfo, dataDir);
  expect(user).toMatchObject({ clerkId: 'user_1' });
  expect(await runCurlCommands(first.output())).toEqual([
    expect.objectContaining({ clerkId: 'user_local', attribution: expect.anything() }),
    { conversions: expect.arrayContaining([expect.objectContaining({ campaignEventId: 'visit_signup' })]) },
  ]);
  // It loads for longer on a busy machine than the API waits.
  await fetch(`${firstInfo.issuerUrl}/.well-known/openid-configuration`);
  const signedIn = await createBrowser().signIn(firstInfo.apiUrl, 'manager');
  expect(signedIn.url).toBe(firstInfo.consoleUrl);
  const sandbox = createSandboxCaller(firstInfo.impactUrl);
  await vi.waitFor(async () => expect(await sandbox.actions()).not.toEqual([]), { timeout: 20_000 });
  expect((await sandbox.conversions())[0]).toMatchObject({ fields: { ActionTrackerId: '71655' } });

  expect(await readableByOthers(dataDir)).toEqual([]);

  first.process.kill('SIGKILL');
  const second = start(dataDir, {}, [...START, '--programme', file]);
  const secondInfo = await second.ready();
  expect(second.output()).toContain('ending what a killed stack has left: stack, ');
  expect(await portsListening(firstInfo)).toEqual([]);
  expect(await fetchMe(secondInfo, dataDir)).toEqual(user);

  second.process.kill('SIGINT');
  await expect(second.exitCode()).resolves.toBe(0);
  expect(await portsListening(secondInfo)).toEqual([]);
  for (const file of ['stack.json', 'processes.jsonl'])
    await expect(stat(join(dataDir, file))).rejects.toThrow('ENOENT');
}, 90_000);

test('says what is wrong with a programme before it starts anything', async () => {
  const dataDir = await tempDir();
  const wrong = start(dataDir, { PROGRAMME_FILE: 'package.json' });
  await expect(wrong.exitCode()).resolves.toBe(1);
  expect(wrong.output()).toContain('PROGRAMME_FILE: package.json:1: campaignId is missing');
  expect(wrong.output()).not.toContain('starting');
});

test('says which process ended by itself, its last words and its log, and ends too', async () => {
  const dataDir = await tempDir();
  const broken = start(dataDir, {
    MONGODB_URI: 'mysql://nowhere',
    TEMPORAL_ADDRESS: inject('temporalAddress'),
    IMPACT_BASE_URL: 'http://127.0.0.1:1',
  });

  await expect(broken.exitCode()).resolves.toBe(1);

  expect(broken.output()).toMatch(/(api|worker) ended unexpectedly \(exit code 1\)/);
  expect(broken.output()).toContain('MONGODB_URI: must begin with mongodb://');
  expect(broken.output()).toContain(join(dataDir, 'logs'));
});

function start(dataDir: string, env: NodeJS.ProcessEnv = {}, command = START) {
  const [file = '', ...args] = command;
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

/** The directory and the files in it that other users of the machine may read. */
async function readableByOthers(directory: string): Promise<string[]> {
  const paths = (await readdir(directory, { recursive: true })).map((path) => join(directory, path));
  expect(paths.length).toBeGreaterThan(10);
  const modes = await Promise.all(
    // MongoDB may have removed a file by now.
    [directory, ...paths].map(async (path) => ({
      path,
      mode: (await stat(path).catch(() => null))?.mode ?? 0,
    })),
  );
  return modes.filter(({ mode }) => mode & 0o077).map(({ path }) => path);
}

function collectOutput(child: ChildProcess): string[] {
  const text: string[] = [];
  for (const output of [child.stdout, child.stderr]) output?.on('data', (chunk) => text.push(String(chunk)));
  return text;
}

/** With a token of the issuer's key, which is kept with the data; its port is another one each time. */
async function fetchMe({ apiUrl, issuerUrl }: StackInfo, dataDir: string): Promise<unknown> {
  const key = await loadIssuerKey(join(dataDir, 'issuer-key.json'));
  const token = await signSessionToken(key, { issuerUrl, clerkId: 'user_1' });
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${apiUrl}/v1/me`, { headers });
  expect(response.status).toBe(200);
  return response.json();
}

/** Pastes each `curl …` of the output into a shell. */
async function runCurlCommands(output: string): Promise<unknown[]> {
  const commands = output.match(/^ {2}curl .*$/gm) ?? [];
  const results = commands.map((command) => run('sh', ['-c', command]));
  return (await Promise.all(results)).map(({ stdout }) => JSON.parse(stdout));
}

async function portsListening({
  programmeFile: _file,
  userIdKey: _key,
  ...addresses
}: StackInfo): Promise<string[]> {
  const urls = Object.values(addresses).filter((value) => typeof value === 'string');
  const listening = await Promise.all(urls.map((url) => isListening(Number(/:(\d+)/.exec(url)?.[1]))));
  return urls.filter((_, index) => listening[index]);
}
