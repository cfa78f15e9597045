import { setTimeout as delay } from 'node:timers/promises';
import { cpuSecondsOf } from './processes.js';

const WINDOW_MS = 250;

/** Resolves once none of the processes has taken a tenth of a core for a while, so that one measurement pays for no other. */
export async function untilIdle(pids: readonly number[]): Promise<void> {
  const taken = () => pids.reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  for (let before = taken(); ; ) {
    await delay(WINDOW_MS);
    const now = taken();
    if (now - before < (WINDOW_MS / 1_000) * 0.1 * pids.length) return;
    before = now;
  }
}
