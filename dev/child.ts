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
  obituary: (exit: Exit) => string;
  /** SIGTERM, and SIGKILL for what is left after the grace. */
  stop: (graceMs?: number) => Promise<void>;
  kill: () => void;
};

type GuardMessage = { pid: number } | { error: string } | Exit;

const GUARD = fileURLToPath(new URL('guard.js', import.meta.url));
const KEPT_LINES = 15;

/** Starts a command that ends with this process, however this process ends. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, command, args, env, cwd, logFile } = options;
  const guard = fork(GUARD, [JSON.stringify({ command, args, logFile })], {
    env: env ?? process.env,
    ...(cwd && { cwd }),
    execArgv: [],
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines = keepLines(guard, options);

  // What it is if the guard itself is killed and can tell nothing.
  let exit: Exit = { code: null, signal: 'SIGKILL' };
  const closed = once(guard, 'close');
  const pid = await pidFrom(guard, closed, name);
  guard.on('message', (message: GuardMessage) => {
    if ('code' in message) exit = message;
  });
  const exited = closed.then(() => {
    killGroup(pid);
    return exit;
  });

  const send = (message: object) => guard.connected && guard.send(message, () => undefined);
  return {
    name,
    pid,
    exited,
    obituary: ({ code, signal }) =>
      [
        `${name} ended unexpectedly (${signal ?? `exit code ${code}`}). Its last lines:`,
        ...lines.map((line) => `  ${line}`),
        ...(logFile ? [`Its log: ${logFile}`] : []),
      ].join('\n'),
    stop: async (graceMs = 10_000) => {
      send({ stop: true, graceMs });
      await exited;
    },
    kill: () => void send({ stop: false }),
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
  let lastError: unknown;
  void child.exited.then((how) => {
    exit = how;
  });
  for (;;) {
    if (exit) throw new Error(child.obituary(exit));
    const ready = await isReady().catch((error: unknown) => {
      lastError = error;
      return false;
    });
    if (ready) return;
    if (Date.now() > deadline) break;
    await delay(50);
  }
  await child.stop();
  throw new Error(`${child.name} was not ready within ${timeoutMs / 1000} s.`, { cause: lastError });
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

async function pidFrom(guard: ChildProcess, closed: Promise<unknown>, name: string): Promise<number> {
  const first = await Promise.race([
    once(guard, 'message'),
    closed.then(() => [{ error: 'its guard ended' }]),
  ]);
  const message = first[0] as GuardMessage;
  if ('pid' in message) return message.pid;
  throw new Error(`${name} could not be started: ${'error' in message ? message.error : 'it ended at once'}`);
}

/** The guard has ended the child before it ends itself, unless it was killed. */
function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
