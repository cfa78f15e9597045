import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { findConversion } from '../../src/ledger/find-conversion.js';
import { wakeConversion } from '../../src/temporal/wake-conversion.js';
import type { Report } from '../part.js';
import { median } from '../support/median.js';
import { cpuSecondsOf } from '../support/processes.js';
import { type Ledger, orderIdOf } from './fill.js';

type Retried = { ms: number[]; cpuSeconds: number };

const AT_ONCE = 10;

/**
 * What a workflow that is not in the worker's cache costs: the worker fetches and replays its history. Retries the parked
 * conversions that have waited longest, and those that were parked last, in turns.
 */
export async function measureRetries(
  report: Report,
  worker: { pid: number },
  ledger: Ledger,
  { sandbox, parked, count }: { sandbox: SandboxCaller; parked: number; count: number },
): Promise<void> {
  const evicted: Retried = { ms: [], cpuSeconds: 0 };
  const cached: Retried = { ms: [], cpuSeconds: 0 };
  for (let done = 0; done < count; done += AT_ONCE) {
    for (const [retried, first] of [
      [evicted, done],
      [cached, parked - done - AT_ONCE],
    ] as const) {
      const cpuBefore = cpuSecondsOf(worker.pid);
      for (let index = first; index < first + AT_ONCE; index += 1)
        retried.ms.push(await retry(ledger, sandbox, orderIdOf('parked', index)));
      // The end of the last one is part of it.
      await delay(200);
      retried.cpuSeconds += cpuSecondsOf(worker.pid) - cpuBefore;
    }
  }
  const work = `worker: retry of ${count} parked conversions that are not cached`;
  const what = 'cached';
  report.row({
    work: `${work}, signal to POST`,
    unit: 'ms',
    measured: median(evicted.ms),
    baseline: { what, value: median(cached.ms) },
  });
  report.row({
    work,
    unit: 'CPU s',
    measured: evicted.cpuSeconds,
    baseline: { what, value: cached.cpuSeconds },
  });
}

/** @returns the milliseconds from the signal to the request at the sandbox */
async function retry({ db, temporal }: Ledger, sandbox: SandboxCaller, orderId: string): Promise<number> {
  const conversion = await findConversion(db, `sale_subscription:${orderId}`);
  const signalledAt = Date.now();
  await wakeConversion({ temporal, deadlineMs: 30_000 }, conversion, {
    name: 'retry',
    note: { by: 'bench' },
  });
  for (;;) {
    const accepted = (await sandbox.requests(orderId)).find(({ status }) => status === 200);
    if (accepted) return Date.parse(accepted.receivedAt) - signalledAt;
    await delay(20);
  }
}
