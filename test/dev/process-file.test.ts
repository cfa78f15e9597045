import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { readStackInfo } from '../../dev/data-dir.js';
import { claimProcessFile } from '../../dev/process-file.js';
import { createSay, isAlive, tempDir } from './support.js';

test('a second stack is refused while the first one runs, with its process and what to do', async () => {
  const { directory, path } = await paths();
  const { stack } = await startStack(path);

  const claiming = claimProcessFile(path, createSay().say);

  const inUse = `A stack already runs on ${directory} (process ${stack.pid}).`;
  await expect(claiming).rejects.toThrow(
    `${inUse} Stop it with Ctrl-C in its terminal or with: kill ${stack.pid}\n`,
  );
  await expect(claiming).rejects.toThrow(`a directory of its own: --data-dir ${directory}-2`);
});

test('of two stacks that claim a new directory at the same time, one is refused', async () => {
  const { path } = await paths();
  const claims = [1, 2].map(() => claimProcessFile(path, createSay().say));
  const results = await Promise.allSettled(claims);
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { message: expect.stringContaining('A stack already runs on') },
  });
});

test('a killed stack counts as none, although its file is still there', async () => {
  const { directory, path } = await paths();
  const { stack } = await startStack(path);
  await writeFile(join(directory, 'stack.json'), '{"apiUrl":"http://127.0.0.1:3000"}');
  expect(await readStackInfo(directory)).toMatchObject({ apiUrl: 'http://127.0.0.1:3000' });

  stack.kill('SIGKILL');
  await once(stack, 'exit');

  await expect(readStackInfo(directory)).rejects.toThrow(
    `No stack runs on ${directory}. Start one with npm start`,
  );
  await claimProcessFile(path, createSay().say);
});

test('what a killed stack has left is ended by the next one, and named', async () => {
  const { path } = await paths();
  const first = await startStack(path);
  first.stack.kill('SIGKILL');
  await once(first.stack, 'exit');
  expect(isAlive(first.childPid)).toBe(true);

  const { say, lines } = createSay();
  await claimProcessFile(path, say);

  expect(isAlive(first.childPid)).toBe(false);
  expect(lines).toEqual(['ending what a killed stack has left: sleeper']);
});

test('a stack whose npm was killed is stopped in order by the next one', async () => {
  const { path } = await paths();
  const npm = spawn('sleep', ['1000']);
  onTestFinished(() => void npm.kill('SIGKILL'));
  const first = await startStack(path, npm.pid);
  npm.kill('SIGKILL');
  await once(npm, 'exit');

  const { say, lines } = createSay();
  const [[exitCode]] = await Promise.all([once(first.stack, 'exit'), claimProcessFile(path, say)]);

  expect(exitCode).toBe(7);
  expect(isAlive(first.childPid)).toBe(false);
  expect(lines).toEqual(['ending what a killed stack has left: stack, sleeper']);
});

test('a process that has got the process id of a stack later is left alone', async () => {
  const { path } = await paths();
  const other = spawn('sleep', ['1000']);
  onTestFinished(() => void other.kill('SIGKILL'));
  await writeFile(path, `${JSON.stringify({ name: 'mongod', pid: other.pid, startedAt: '1' })}\n`);

  await claimProcessFile(path, createSay().say);

  expect(isAlive(Number(other.pid))).toBe(true);
  expect(await readFile(path, 'utf8')).not.toContain('mongod');
});

async function paths() {
  const directory = await tempDir();
  return { directory, path: join(directory, 'processes.jsonl') };
}

/** A process that claims the file as a stack does, and starts a child of its own. */
async function startStack(
  path: string,
  launcherPid?: number,
): Promise<{ stack: ChildProcess; childPid: number }> {
  const script = `
    import { readFileSync, writeFileSync } from 'node:fs';
    import { startChild } from './dev/child.js';
    import { claimProcessFile, recordProcess } from './dev/process-file.js';
    const [path, LAUNCHER] = ${JSON.stringify([path, launcherPid ?? 0])};
    await claimProcessFile(path, console.log);
    const child = await startChild({ name: 'sleeper', command: 'sleep', args: ['1000'], processFile: path });
    const [own, ...children] = readFileSync(path, 'utf8').split('\\n');
    if (LAUNCHER) {
      writeFileSync(path, '');
      recordProcess(path, 'npm', LAUNCHER);
      const launcher = JSON.parse(readFileSync(path, 'utf8'));
      writeFileSync(path, [JSON.stringify({ ...JSON.parse(own), launcher }), ...children].join('\\n'));
    }
    process.on('SIGTERM', () => process.exit(7));
    console.log(child.pid);`;
  const stack = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_event: undefined },
  });
  onTestFinished(() => void stack.kill('SIGTERM'));
  const [line] = await once(createInterface({ input: stack.stdout }), 'line');
  return { stack, childPid: Number(line) };
}
