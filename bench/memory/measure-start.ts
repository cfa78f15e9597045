import { setTimeout as delay } from 'node:timers/promises';
import type { Report } from '../part.js';
import { median } from '../support/median.js';
import {
  cpuSecondsOf,
  rssMbOf,
  type Systems,
  startBenchApi,
  startBenchWorker,
} from '../support/processes.js';
import { startBareApi, startBareWorker, writeBareBundle } from './bare-processes.js';

/** After a start, garbage of the start itself goes away. */
export const SETTLE_MS = 3_000;

/** From spawning a process to its first 200 on `/readyz`, and what it holds a moment later. */
export async function measureStart(report: Report, systems: Systems, rounds: number): Promise<void> {
  const bundle = await writeBareBundle();
  const starts = {
    API: () => startBenchApi(systems),
    'Express and Mongoose alone': () => startBareApi(systems),
    worker: () => startBenchWorker(systems),
    'Temporal worker alone': () => startBareWorker(systems, bundle.path),
  };
  const times: Record<string, number[]> = {};
  const cpuSeconds: Record<string, number[]> = {};
  const sizes: Record<string, number[]> = {};
  // The first round fills the caches and creates the indexes, and is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, start] of Object.entries(starts)) {
      const { ms, cpu, mb } = await measureOnce(start);
      if (round === 0) continue;
      times[name] = [...(times[name] ?? []), ms];
      cpuSeconds[name] = [...(cpuSeconds[name] ?? []), cpu];
      sizes[name] = [...(sizes[name] ?? []), mb];
    }
    report.progress(`start ${round} of ${rounds} is done`);
  }
  await bundle.remove();
  for (const [name, baseline] of COMPARED) {
    const compare = (values: Record<string, number[]>) => ({
      measured: median(values[name]),
      baseline: { what: baseline, value: median(values[baseline]) },
    });
    report.row({ work: `${name}: from its start to ready`, unit: 'ms', ...compare(times) });
    // It depends less on what else the machine does.
    report.row({ work: `${name}: from its start to ready`, unit: 'CPU s', ...compare(cpuSeconds) });
    report.row({ work: `${name}: memory at rest`, unit: 'MB', ...compare(sizes) });
  }
}

const COMPARED = [
  ['API', 'Express and Mongoose alone'],
  ['worker', 'Temporal worker alone'],
] as const;

async function measureOnce(start: () => Promise<{ pid: number; stop: () => Promise<void> }>) {
  const startedAt = performance.now();
  const { pid, stop } = await start();
  const ms = performance.now() - startedAt;
  const cpu = cpuSecondsOf(pid);
  await delay(SETTLE_MS);
  const mb = rssMbOf(pid);
  await stop();
  return { ms, cpu, mb };
}
