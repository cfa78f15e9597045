import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { link, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * The processes of a stack, one a line in a file of its directory: first the stack itself, then its children. If the stack
 * is killed, the next stack on the directory ends what is left.
 */

/** A process id may be given to another process later; the start time tells the two apart. */
type Identity = { pid: number; startedAt: string };

/** `launcher` is npm, if npm started the stack: the stack is left over once npm is gone. */
type Recorded = Identity & { name: string; launcher?: Identity | undefined };

/** Makes this process the only stack on the file. */
export async function claimProcessFile(path: string, say: (line: string) => void): Promise<void> {
  const isNew = !existsSync(path);
  const left = readProcesses(path).filter(isRunning);
  const stack = left.find(({ name }) => name === 'stack');
  if (stack && (!stack.launcher || isRunning(stack.launcher))) throw inUse(path, stack.pid);
  if (left.length > 0) {
    say(`ending what a killed stack has left: ${left.map(({ name }) => name).join(', ')}`);
    // The stack ends its children in order. The second step is for those of a stack that was killed itself.
    if (stack) await end([stack]);
    await end(left);
  }
  // A file that was not there is one that another stack has written in the meantime.
  if (!isNew) await rm(path, { force: true });
  await createWhole(path, toLine({ name: 'stack', ...identify(process.pid), launcher: npmLauncher() })).catch(
    (error: NodeJS.ErrnoException) => {
      throw error.code === 'EEXIST' ? inUse(path, readProcesses(path)[0]?.pid) : error;
    },
  );
}

/** Fails if the file exists. A reader never sees a half: another stack would take it for what a killed one has left. */
async function createWhole(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await writeFile(draft, content);
  try {
    await link(draft, path);
  } finally {
    await rm(draft);
  }
}

function inUse(path: string, pid: number | undefined): Error {
  const directory = dirname(path);
  return new Error(
    `A stack already runs on ${directory} (process ${pid}). Stop it with Ctrl-C in its terminal or with: kill ${pid}
To run a second stack beside it, give this one a directory of its own: --data-dir ${directory}-2`,
  );
}

export function isStackRunning(path: string): boolean {
  return readProcesses(path).some((recorded) => recorded.name === 'stack' && isRunning(recorded));
}

export function recordProcess(path: string, name: string, pid: number): void {
  appendFileSync(path, toLine({ name, ...identify(pid) }));
}

function toLine(recorded: Recorded): string {
  return `${JSON.stringify(recorded)}\n`;
}

function readProcesses(path: string): Recorded[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line));
  } catch {
    return [];
  }
}

/** How long a process may take to stop in order. */
const GRACE_MS = 15_000;

async function end(processes: Identity[]): Promise<void> {
  const deadline = Date.now() + GRACE_MS;
  for (const { pid } of processes.filter(isRunning)) process.kill(pid, 'SIGTERM');
  while (processes.some(isRunning) && Date.now() < deadline) await delay(50);
  for (const { pid } of processes.filter(isRunning)) process.kill(pid, 'SIGKILL');
}

function isRunning({ pid, startedAt }: Identity): boolean {
  return startedAt !== '' && identify(pid).startedAt === startedAt;
}

/** npm starts `sh -c <script>`. Most shells replace themselves by the script's only command; Debian's stays in between. */
function npmLauncher(): Identity | undefined {
  if (!process.env.npm_lifecycle_event) return undefined;
  const { command, parentPid } = describe(process.ppid);
  return identify(command === 'sh' ? Number(parentPid) : process.ppid);
}

/** `startedAt` is empty if the process has ended. */
function identify(pid: number): Identity {
  return { pid, startedAt: describe(pid).startedAt ?? '' };
}

function describe(pid: number): { command?: string; parentPid?: string; startedAt?: string } {
  try {
    if (process.platform !== 'linux')
      return {
        startedAt: execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim(),
      };
    // https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html: the command is in parentheses, and may contain some.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parentPid = '', ...others] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
    return { command, parentPid, startedAt: state === 'Z' ? '' : String(others[17]) };
  } catch {
    return {};
  }
}
