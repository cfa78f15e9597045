import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test, vi } from 'vitest';
import { startChild, untilReady } from '../../dev/child.js';
import { readable } from '../../dev/logs.js';
import { createSay, isAlive, stopAfterTest, tempDir } from './support.js';

test.each(['SIGINT', 'SIGTERM'] as const)('the child ends with a process that %s ends', async (signal) => {
  const { parent, childPid } = await startParent('');
  parent.kill(signal);
  expect(await once(parent, 'exit')).toEqual([null, signal]);
  await vi.waitFor(() => expect(isAlive(childPid)).toBe(false));
});

test('the child ends with a process that ends by itself, or by its own handler of a signal', async () => {
  const { parent, childPid } = await startParent(`process.on('SIGINT', () => process.exit(7));`);
  parent.kill('SIGINT');
  expect(await once(parent, 'exit')).toEqual([7, null]);
  await vi.waitFor(() => expect(isAlive(childPid)).toBe(false));
});

test('the child leads a process group of its own, so that Ctrl-C does not reach it', async () => {
  const child = stopAfterTest(await startChild({ name: 'sleeper', ...node(SLEEP) }));
  expect(() => process.kill(-child.pid, 0)).not.toThrow();
});

test('passes the lines of the child on and keeps them in the log file', async () => {
  const logFile = join(await tempDir(), 'child.log');
  const { say, lines } = createSay();
  const script = `console.log('out'); console.error('err')`;

  const child = await startChild({ name: 'talker', ...node(script), logFile, onLine: say });

  expect(await child.exited).toEqual({ code: 0, signal: null });
  expect(lines.sort(byText)).toEqual(['err', 'out']);
  expect((await readFile(logFile, 'utf8')).split('\n').sort(byText)).toEqual(['', 'err', 'out']);
});

test('stop lets the child finish', async () => {
  const script = `process.on('SIGTERM', () => process.exit(7)); console.log('up'); ${SLEEP}`;
  const { child } = await startUntilUp(script);

  await child.stop();

  expect(await child.exited).toEqual({ code: 7, signal: null });
});

test('stop kills a child that does not finish within the grace', async () => {
  const { child } = await startUntilUp(`process.on('SIGTERM', () => {}); console.log('up'); ${SLEEP}`);

  await child.stop(100);

  expect(await child.exited).toEqual({ code: null, signal: 'SIGKILL' });
});

test('what the child itself started ends with it', async () => {
  const script = `
    const { spawn } = require('node:child_process');
    console.log(spawn('sleep', ['1000'], { stdio: 'ignore' }).pid);
    ${SLEEP}`;
  const { child, firstLine } = await startUntilUp(script);
  const grandchild = Number(firstLine);
  expect(isAlive(grandchild)).toBe(true);

  child.kill();
  await child.exited;

  await vi.waitFor(() => expect(isAlive(grandchild)).toBe(false));
});

test('waiting for a child that ends first rejects with its last lines and its log', async () => {
  const logFile = join(await tempDir(), 'child.log');
  const child = await startChild({
    name: 'quitter',
    ...node(`console.log('no disk'); process.exit(3)`),
    logFile,
  });

  const ready = untilReady(child, () => Promise.resolve(false));

  await expect(ready).rejects.toThrow(/^quitter ended unexpectedly \(exit code 3\).*no disk.*child\.log$/s);
});

test('the last lines of a child are readable, and its log file keeps the JSON', async () => {
  const logFile = join(await tempDir(), 'child.log');
  const line = '{"level":60,"time":"2026-11-26T08:00:00.000Z","code":"no_disk","msg":"The disk is full."}';
  const script = `console.log(${JSON.stringify(line)}); console.log('no JSON'); process.exit(1)`;
  const child = await startChild({ name: 'quitter', ...node(script), logFile, readable });

  const text = child.explain(await child.exited);

  expect(text).toMatch(
    /\n {2}\[[\d:.]+\] FATAL: The disk is full\. \{"code":"no_disk"\}\n {2}no JSON\nIts log: /,
  );
  expect(await readFile(logFile, 'utf8')).toContain(`${line}\n`);
});

test('a child that is not ready in time is stopped', async () => {
  const child = await startChild({ name: 'slow', ...node(SLEEP) });
  await expect(untilReady(child, () => Promise.resolve(false), 100)).rejects.toThrow('slow was not ready');
  expect(isAlive(child.pid)).toBe(false);
});

test('a command that does not exist is an error that names it', async () => {
  const started = startChild({ name: 'ghost', command: '/nowhere/ghost', args: [] });
  await expect(started).rejects.toThrow(/ghost could not be started: .*ENOENT/);
});

const SLEEP = 'setInterval(() => {}, 1000);';

function node(script: string) {
  return { command: process.execPath, args: ['-e', script] };
}

function byText(a: string, b: string): number {
  return a.localeCompare(b);
}

async function startUntilUp(script: string) {
  let firstLine: string | undefined;
  const onLine = (line: string) => {
    firstLine ??= line;
  };
  const child = stopAfterTest(await startChild({ name: 'child', ...node(script), onLine }));
  await untilReady(child, () => Promise.resolve(firstLine !== undefined));
  return { child, firstLine };
}

/** A process with a child, whose process id it prints. */
async function startParent(more: string) {
  const script = `
    import { startChild } from './dev/child.js';
    ${more}
    const child = await startChild({ name: 'child', command: 'sleep', args: ['1000'] });
    console.log(child.pid);`;
  const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: parent.stdout }), 'line');
  return { parent, childPid: Number(line) };
}
