import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { recordProcess } from './process-file.js';

export type ChildOptions = {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Everything that the child writes is appended to it. */
  logFile?: string;
  /** The child is recorded in it, so that a later stack can end the child if this process is killed. */
  processFile?: string;
  onLine?: (line: string) => void;
  /** Which lines to show if the child ends unexpectedly; by default all. */
  isTelling?: (line: string) => boolean;
  /** A line of its log, for a person. */
  readable?: (line: string) => string;
};

/** What a child leaves on disk. */
export type ChildFiles = Pick<ChildOptions, 'logFile' | 'processFile'>;

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = Awaited<ReturnType<typeof startChild>>;

const KEPT_LINES = 15;

/** Starts a command that ends with this process, unless this process is killed. */
export async function startChild(options: ChildOptions) {
  const { name, command, args, env, cwd, logFile, processFile, readable = (line) => line } = options;
  // A process group of its own: Ctrl-C in the terminal reaches only this process, and a kill reaches grandchildren.
  const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const log = logFile ? createWriteStream(logFile, { flags: 'a' }) : undefined;
  const lines = keepLines(child, log, options);
  const exited = new Promise<Exit>((resolve) => {
    child.on('close', (code, signal) => {
      const exit = { code, signal };
      // Its last words are in the file by then.
      if (log) log.end(() => resolve(exit));
      else resolve(exit);
    });
  });
  await once(child, 'spawn').catch((error: Error) => {
    throw new Error(`${name} could not be started: ${error.message}`);
  });
  const pid = Number(child.pid);
  endWithThisProcess(pid);
  child.on('exit', () => killGroup(pid));
  if (processFile) recordProcess(processFile, name, pid);
  return {
    name,
    pid,
    exited,
    /** Why the child ended, for a person: how, its last lines, and the path of its log. */
    explain({ code, signal }: Exit): string {
      const how = `${name} ended unexpectedly (${signal ?? `exit code ${code}`}). Its last lines:`;
      const last = lines.map((line) => readable(line).replace(/^/gm, '  '));
      return [how, ...last, ...(logFile ? [`Its log: ${logFile}`] : [])].join('\n');
    },
    /** SIGTERM, and SIGKILL for what is left after the grace. */
    async stop(graceMs = 10_000): Promise<void> {
      child.kill('SIGTERM');
      const timer = setTimeout(() => killGroup(pid), graceMs);
      await exited;
      clearTimeout(timer);
    },
    kill: () => killGroup(pid),
  };
}

function keepLines(
  child: ChildProcess,
  log: WriteStream | undefined,
  { onLine, isTelling = () => true }: ChildOptions,
): string[] {
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    if (!output) continue;
    if (log) output.pipe(log, { end: false });
    createInterface({ input: output }).on('line', (line) => {
      if (isTelling(line)) lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine?.(line);
    });
  }
  return lines;
}

/** Polls until the child is ready; rejects if it ends first, and stops it if it takes too long. */
export async function untilReady(child: Child, isReady: () => Promise<boolean>, timeoutMs = 60_000) {
  let lastError = '';
  const ended = child.exited.then((exit) => Promise.reject(new Error(child.explain(exit))));
  ended.catch(() => undefined);
  const check = () =>
    isReady().catch((error: Error) => {
      lastError = `: ${error.message}`;
      return false;
    });
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; ) {
    if (await Promise.race([check(), ended])) return;
    await delay(50);
  }
  await child.stop();
  throw new Error(`${child.name} was not ready within ${timeoutMs / 1000} s${lastError}`);
}

const running = new Set<number>();
let installed = false;

function endWithThisProcess(pid: number): void {
  running.add(pid);
  if (installed) return;
  installed = true;
  process.on('exit', killAll);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.prependListener(signal, onSignal);
}

/** A signal that nothing else handles would end this process without an `exit` event. */
function onSignal(signal: NodeJS.Signals): void {
  if (process.listeners(signal).some(({ name }) => name !== onSignal.name)) return;
  killAll();
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function killAll(): void {
  for (const pid of running) killGroup(pid);
}

function killGroup(pid: number): void {
  running.delete(pid);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group is empty.
  }
}
