import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Removed after the test, and after everything that the test has started in the meantime has stopped. */
export async function tempDir(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-dev-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true, maxRetries: 3 }));
  return directory;
}

/** Stops it after the test. */
export function stopAfterTest<T extends { stop: () => Promise<void> }>(started: T): T {
  onTestFinished(() => started.stop());
  return started;
}

/** A killed orphan keeps its process id in a container whose first process does not collect it: state Z. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync('/proc') || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** A `say` that keeps the lines. */
export function createSay() {
  const lines: string[] = [];
  return { say: (line: string) => void lines.push(line), lines };
}
