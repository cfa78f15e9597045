import { setTimeout as delay } from 'node:timers/promises';
import type { ConversionStatus } from '../../src/domain/conversion.js';
import type { Report } from '../part.js';
import { median } from '../support/median.js';
import { rssMbOf } from '../support/processes.js';
import { fill, type Ledger } from './fill.js';
import { SETTLE_MS } from './measure-start.js';

/** One sample depends on when the garbage was last collected: the median of the last ten seconds counts. */
const SAMPLE_MS = 250;
const LAST_SAMPLES = 40;

/** The memory of a worker while more and more workflows wait. The first number is the baseline of the others. */
export async function measureWaiting(
  report: Report,
  worker: { pid: number; metricsUrl: string },
  ledger: Ledger,
  { status, work, sizes }: { status: ConversionStatus; work: string; sizes: readonly number[] },
): Promise<void> {
  let first = 0;
  let baseline: { what: string; value: number } | undefined;
  for (const size of sizes) {
    const samples: number[] = [];
    const timer = setInterval(() => samples.push(rssMbOf(worker.pid)), SAMPLE_MS);
    await fill(ledger, { first, end: size, status });
    first = size;
    await delay(SETTLE_MS);
    clearInterval(timer);
    const measured = median(samples.slice(-LAST_SAMPLES));
    const note = `${await countCached(worker.metricsUrl)} workflows cached`;
    const name = `worker: memory with ${size.toLocaleString('en')} ${work}`;
    report.row({
      work: name,
      unit: 'MB',
      measured,
      ...(baseline && { baseline, goal: { atMost: 1.1 } }),
      note,
    });
    baseline ??= { what: `${size.toLocaleString('en')} ${work}`, value: measured };
  }
}

async function countCached(metricsUrl: string): Promise<number> {
  const page = await (await fetch(`${metricsUrl}/metrics`)).text();
  return Number(/^temporal_sticky_cache_size\{.*\} (\d+)$/m.exec(page)?.[1]);
}
