import { createTemporalClient } from '../../src/temporal/client.js';
import type { Part, Report } from '../part.js';
import { MissingProgram } from '../support/missing-program.js';
import { type Bench, compareLatency, compareLoad, compareWorkers } from '../throughput/compare.js';
import type { ScalableContender } from '../throughput/contender.js';
import { startFloor } from '../throughput/floor.js';
import { startBenchImpact } from '../throughput/impact.js';
import { startProduct } from '../throughput/product.js';
import {
  DEVELOPMENT_SERVER,
  POSTGRES_SERVER,
  type RunningTemporal,
  type TemporalServer,
} from '../throughput/temporal-server.js';

const SERVERS: readonly TemporalServer[] = [DEVELOPMENT_SERVER, POSTGRES_SERVER];

/** How fast a conversion gets to Impact, how many do, and what they cost, beside the least that Temporal can do. */
export const throughput: Part = {
  about: 'from the answer to the POST, beside a workflow with one activity that POSTs',
  async run(report, { quick }) {
    const impact = await startBenchImpact();
    for (const server of SERVERS) {
      const running = await startOrSkip(server, report);
      if (running) await measureOn(server, running, { quick, report, impact });
    }
    await impact.stop();
  },
};

async function startOrSkip(server: TemporalServer, report: Report): Promise<RunningTemporal | undefined> {
  try {
    return await server.start((line) => report.progress(line));
  } catch (error) {
    if (!(error instanceof MissingProgram)) throw error;
    report.skip(server.name, error.message);
    return undefined;
  }
}

async function measureOn(server: TemporalServer, running: RunningTemporal, bench: Bench): Promise<void> {
  const temporal = createTemporalClient({ connectionOptions: { address: running.address } });
  const [floor, product] = await Promise.all([
    startFloor(running, temporal, bench.impact),
    startProduct(running, temporal, bench.impact),
  ]);
  await measureOne(server, bench, floor, product);
  for (const row of await compareWorkers(bench, floor, product))
    bench.report.row({ ...row, work: `the same, ${row.work}, ${server.name}`, unit: 'a second' });
  await Promise.all([floor.stop(), product.stop()]);
  await temporal.connection.close();
  await running.stop();
}

/** One worker. */
async function measureOne(
  server: TemporalServer,
  bench: Bench,
  floor: ScalableContender,
  product: ScalableContender,
): Promise<void> {
  const { report } = bench;
  for (const { measured, baseline } of await compareLatency(bench, floor, [product]))
    report.row({
      work: `answer → POST, idle, ${server.name}`,
      unit: 'ms',
      ...{ measured, baseline, goal: { atMost: 1.4 } },
    });
  for (const { measured, baseline } of await compareLoad(bench, floor, [product])) {
    report.row({
      work: `CPU of 1,000 conversions, ${server.name}`,
      unit: 'CPU s',
      measured: measured.cpuSeconds,
      baseline: { what: `floor (${baseline.cpuSplit})`, value: baseline.cpuSeconds },
      goal: { atMost: 1.5 },
      note: measured.cpuSplit,
    });
    report.row({
      work: `conversions, 50 in flight, Impact 20 ms, ${server.name}`,
      unit: 'a second',
      measured: measured.perSecond,
      baseline: { what: 'floor', value: baseline.perSecond },
      goal: { atLeast: 0.75 },
    });
  }
}
