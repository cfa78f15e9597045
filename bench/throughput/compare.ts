import type { PartOptions, Report, Row } from '../part.js';
import { median } from '../support/median.js';
import type { Contender, ScalableContender } from './contender.js';
import type { BenchImpact } from './impact.js';
import { inTurn, type Load, measureLatency, measureLoad } from './measure.js';

export type Bench = PartOptions & { impact: BenchImpact; report: Report };

/** Compares each contender with the floor, one job at a time. @returns medians */
export async function compareLatency(bench: Bench, floor: Contender, others: readonly Contender[]) {
  const rounds = bench.quick ? { warmUps: 3, rounds: 10 } : { warmUps: 10, rounds: 50 };
  const times = await inTurn([floor, ...others], rounds, (contender) =>
    measureLatency(contender, bench.impact),
  );
  const of = (contender: Contender) => median(times.get(contender) ?? []);
  return others.map((contender) => ({
    contender,
    measured: of(contender),
    baseline: { what: 'floor, from its call', value: of(floor) },
  }));
}

/** Compares each contender with the floor, 50 jobs at a time. @returns medians */
export async function compareLoad(bench: Bench, floor: Contender, others: readonly Contender[]) {
  const { quick, report, impact } = bench;
  const rounds = { warmUps: 1, rounds: quick ? 1 : 5 };
  const loads = await inTurn([floor, ...others], rounds, async (contender) => {
    return withProgress(report, contender, await measureLoad(contender, impact, jobsOf(bench)));
  });
  const of = (contender: Contender) => medianLoad(loads.get(contender) ?? []);
  return others.map((contender) => ({ contender, measured: of(contender), baseline: of(floor) }));
}

const WORKERS = [1, 2, 4];

/** Compares the product's throughput with 2 and 4 workers to that with one. The floor with as many is in the note. */
export async function compareWorkers(
  bench: Bench,
  floor: ScalableContender,
  product: ScalableContender,
): Promise<Pick<Row, 'work' | 'measured' | 'baseline' | 'note'>[]> {
  const { quick, report, impact } = bench;
  const lines = WORKERS.map((count) => ({
    count,
    floor: withWorkers(floor, count),
    product: withWorkers(product, count),
  }));
  const contenders = lines.flatMap((line) => [line.floor, line.product]);
  const loads = await inTurn(contenders, { warmUps: 0, rounds: quick ? 1 : 3 }, async (contender) => {
    // A worker that has just started is slow.
    await measureLoad(contender, impact, jobsOf(bench) / 4);
    const load = await measureLoad(contender, impact, jobsOf(bench));
    return withProgress(report, contender, load).perSecond;
  });
  const of = (contender?: Contender) => median((contender && loads.get(contender)) ?? []);
  const [one, ...more] = lines;
  return more.map((line) => ({
    work: `${line.count} workers`,
    measured: of(line.product),
    baseline: { what: 'one worker', value: of(one?.product) },
    note: `the floor with ${line.count}: ${of(line.floor).toFixed(1)} a second`,
  }));
}

function withWorkers(contender: ScalableContender, count: number): Contender {
  return {
    ...contender,
    name: `${contender.name}, workers: ${count}`,
    async prepare(jobs) {
      await contender.setWorkers(count);
      return contender.prepare(jobs);
    },
  };
}

function withProgress(report: Report, { name }: Contender, load: Load): Load {
  const slowest = `the slowest after ${(load.slowestMs / 1_000).toFixed(1)} s`;
  report.progress(`${name}: ${load.perSecond.toFixed(1)} a second, ${slowest}`);
  return load;
}

/** In one round, for each contender. */
function jobsOf({ quick }: Bench): number {
  return quick ? 100 : 400;
}

function medianLoad(loads: readonly Load[]) {
  const processes = Object.keys(loads[0]?.cpuSeconds ?? {});
  const cpu = processes.map((name) => ({
    name,
    seconds: median(loads.map(({ cpuSeconds }) => cpuSeconds[name] ?? 0)),
  }));
  return {
    perSecond: median(loads.map(({ perSecond }) => perSecond)),
    /** For 1,000 jobs. */
    cpuSeconds: cpu.reduce((sum, { seconds }) => sum + seconds, 0),
    /** `25.1 Temporal + 26.7 worker` */
    cpuSplit: cpu.map(({ name, seconds }) => `${seconds.toFixed(1)} ${name}`).join(' + '),
  };
}
