/**
 * Runs one command for child.ts, in a process of its own, so that the command ends when the parent does, also
 * when the parent is killed: the IPC channel to it closes then. Plain JavaScript, as it starts in milliseconds.
 */
import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

const ORPHAN_GRACE_MS = 5_000;

const { command, args, logFile } = JSON.parse(process.argv[2]);
const log = logFile && createWriteStream(logFile, { flags: 'a' });
// Its own process group: Ctrl-C in the terminal reaches only the parent, and SIGKILL reaches grandchildren.
const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });

for (const output of [child.stdout, child.stderr]) {
  output.on('data', (chunk) => {
    log?.write(chunk);
    process.stdout.write(chunk);
  });
}
// The parent is gone; the log file still gets what the command says while it ends.
process.stdout.on('error', () => undefined);

child.on('spawn', () => tell({ pid: child.pid }));
child.on('error', (error) => tell({ error: error.message }, () => process.exit(1)));
child.on('exit', killGroup);
child.on('close', (code, signal) => tell({ code, signal }, () => process.disconnect?.()));

process.on('message', ({ stop, graceMs }) => (stop ? end(graceMs) : killGroup()));
process.on('disconnect', () => end(ORPHAN_GRACE_MS));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => end(ORPHAN_GRACE_MS));

function tell(message, done = () => undefined) {
  if (process.connected) process.send(message, done);
}

function end(graceMs) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  setTimeout(killGroup, graceMs).unref();
}

function killGroup() {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
