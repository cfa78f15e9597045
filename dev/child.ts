import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

export type ChildOptions = {
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Everything the child writes is appended to it. */
  logFile?: string;
  onLine?: (line: string) => void;
  /** Which lines are worth showing when it ends unexpectedly; all, unless said. */
  isTelling?: (line: string) => boolean;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  name: string;
  pid: number;
  exited: Promise<Exit>;
  /** Why it ended, for a person: how, its last lines, and where its log is. */
  explain: (exit: Exit) => string;
  /** SIGTERM, and SIGKILL for what is left after the grace. */
  stop: (graceMs?: number) => Promise<void>;
  kill: () => void;
};

type GuardMessage = { pid: number } | { error: string } | Exit;

const GUARD = fileURLToPath(new URL('guard.js', import.meta.url));
const KEPT_LINES = 15;

/** Starts a command that ends with this process, however this process ends. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, logFile } = options;
  const guard = forkGuard(options);
  const lines = keepLines(guard, options);
  const { pid, exited } = await hearFrom(guard, name);
  const tell = (message: object) => guard.connected && guard.send(message, () => undefined);
  return {
    name,
    pid,
    exited,
    explain: ({ code, signal }) =>
      [
        `${name} ended unexpectedly (${signal ?? `exit code ${code}`}). Its last lines:`,
        ...lines.map((line) => `  ${line}`),
        ...(logFile ? [`Its log: ${logFile}`] : []),
      ].join('\n'),
    stop: async (graceMs = 10_000) => {
      tell({ stop: true, graceMs });
      await exited;
    },
    kill: () => void tell({ stop: false }),
  };
}

/** Polls until the child is ready; rejects when it ends first, and stops it when it takes too long. */
export async function untilReady(
  child: Child,
  isReady: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let exit: Exit | undefined;
  let lastError = '';
  void child.exited.then((how) => {
    exit = how;
  });
  for (;;) {
    if (exit) throw new Error(child.explain(exit));
    const ready = await isReady().catch((error: unknown) => {
      lastError = `: ${error instanceof Error ? error.message : error}`;
      return false;
    });
    if (ready) return;
    if (Date.now() > deadline) break;
    await delay(50);
  }
  await child.stop();
  throw new Error(`${child.name} was not ready within ${timeoutMs / 1000} s${lastError}`);
}

function forkGuard({ command, args, env, cwd, logFile }: ChildOptions): ChildProcess {
  return fork(GUARD, [JSON.stringify({ command, args, logFile })], {
    env: env ?? process.env,
    ...(cwd && { cwd }),
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

function keepLines(guard: ChildProcess, { onLine, isTelling = () => true }: ChildOptions): string[] {
  const lines: string[] = [];
  for (const output of [guard.stdout, guard.stderr]) {
    if (!output) continue;
    createInterface({ input: output }).on('line', (line) => {
      if (isTelling(line)) lines.push(line);
      if (lines.length > KEPT_LINES) lines.shift();
      onLine?.(line);
    });
  }
  return lines;
}

async function hearFrom(guard: ChildProcess, name: string): Promise<{ pid: number; exited: Promise<Exit> }> {
  const closed = once(guard, 'close');
  // What it is if the guard itself is killed and can tell nothing.
  let exit: Exit = { code: null, signal: 'SIGKILL' };
  const pid = await new Promise<number>((resolve, reject) => {
    const fail = (reason: string) => reject(new Error(`${name} could not be started: ${reason}`));
    guard.on('message', (message: GuardMessage) => {
      if ('pid' in message) resolve(message.pid);
      else if ('error' in message) fail(message.error);
      else exit = message;
    });
    closed.then(() => fail('its guard ended'), reject);
  });
  return { pid, exited: closed.then(() => killGroup(pid)).then(() => exit) };
}

/** The guard has ended the child before it ends itself, unless it was killed. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
