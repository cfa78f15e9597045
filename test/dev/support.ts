import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Removed after the test, and after what the test started later on. */
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

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Somewhere to say things to, and what was said. */
export function createSay() {
  const lines: string[] = [];
  return { say: (line: string) => void lines.push(line), lines };
}
