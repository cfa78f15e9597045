import { setTimeout as delay } from 'node:timers/promises';
import { inFlight } from '../support/load.js';
import { monotonicMs } from './clock.js';
import type { Contender, Job } from './contender.js';
import type { BenchImpact } from './impact.js';

/** A job is in flight from its call until its POST has arrived at Impact. */
const IN_FLIGHT = 50;

export interface Load {
  perSecond: number;
  /** The longest wait for a POST. */
  slowestMs: number;
  /** For 1,000 jobs, by process. */
  cpuSeconds: Record<string, number>;
}

/** Measures `count` jobs, from the first call to the last POST. */
export async function measureLoad(contender: Contender, impact: BenchImpact, count: number): Promise<Load> {
  const jobs = await contender.prepare(count);
  const cpuBefore = contender.cpuSeconds();
  const startedAt = monotonicMs();
  const arrivals: number[] = [];
  const waits: number[] = [];
  await inFlight(IN_FLIGHT, count, async (index) => {
    const { begunAt, arrivedAt } = await run(jobs[index], impact);
    arrivals.push(arrivedAt);
    waits.push(arrivedAt - begunAt);
  });
  const seconds = (Math.max(...arrivals) - startedAt) / 1_000;
  // The steps after the POST belong to the job's cost as well.
  await contender.untilIdle();
  const perThousand = Object.entries(contender.cpuSeconds()).map(([name, after]) => {
    return [name, ((after - (cpuBefore[name] ?? 0)) / count) * 1_000] as const;
  });
  return {
    perSecond: count / seconds,
    slowestMs: Math.max(...waits),
    cpuSeconds: Object.fromEntries(perThousand),
  };
}

/** Longer than the steps after a POST take. */
const REST_MS = 100;

/** Measures one job while no other is in flight. @returns the milliseconds until its POST */
export async function measureLatency(contender: Contender, impact: BenchImpact): Promise<number> {
  const { begunAt, arrivedAt } = await run((await contender.prepare(1))[0], impact);
  await delay(REST_MS);
  await contender.untilIdle();
  return arrivedAt - begunAt;
}

/**
 * Measures every contender in each round, because the machine's speed changes. The workers of the other contenders keep
 * running meanwhile, and only poll.
 * @param warmUps rounds before the counted ones
 */
export async function inTurn<Measured>(
  contenders: readonly Contender[],
  { warmUps, rounds }: { warmUps: number; rounds: number },
  measure: (contender: Contender) => Promise<Measured>,
): Promise<Map<Contender, Measured[]>> {
  const results = new Map<Contender, Measured[]>(contenders.map((contender) => [contender, []]));
  for (let round = -warmUps; round < rounds; round += 1) {
    for (const contender of contenders) {
      const measured = await measure(contender);
      if (round >= 0) results.get(contender)?.push(measured);
    }
  }
  return results;
}

async function run(job: Job | undefined, impact: BenchImpact) {
  if (!job) throw new Error('There is no such job.');
  const arrival = impact.arrivalOf(job.orderId);
  const [begunAt, arrivedAt] = await Promise.all([job.begin(), arrival]);
  return { begunAt, arrivedAt };
}
