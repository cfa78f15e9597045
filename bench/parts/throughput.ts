import { createTemporalClient } from '../../src/temporal/client.js';
import type { Part, Report, Row } from '../part.js';
import { MissingProgram } from '../support/missing-program.js';
import { type Bench, compareLatency, compareLoad, compareWorkers } from '../throughput/compare.js';
import type { Contender, ScalableContender } from '../throughput/contender.js';
import { type Floor, startFloor } from '../throughput/floor.js';
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
    bench.report.row({
      ...row,
      work: `50 in flight, Impact 20 ms, product, ${server.name}, ${row.work}`,
      unit: 'a second',
    });
  await Promise.all([floor.stop(), product.stop()]);
  await temporal.connection.close();
  await running.stop();
}

/** One worker. Of the floor on a queue with a limit too: that is what the account-wide limit and the pause cost. */
async function measureOne(
  server: TemporalServer,
  bench: Bench,
  floor: Floor,
  product: ScalableContender,
): Promise<void> {
  const { report } = bench;
  const workOf = (work: string, { name }: Contender) => `${work}, ${name}, ${server.name}`;
  const goalOf = (contender: Contender, goal: NonNullable<Row['goal']>) => contender === product && { goal };
  for (const { contender, ...times } of await compareLatency(bench, floor, [floor.limited, product]))
    report.row({
      work: workOf('answer → POST, idle', contender),
      unit: 'ms',
      ...times,
      ...goalOf(contender, { atMost: 1.4 }),
    });
  for (const { contender, measured, baseline } of await compareLoad(bench, floor, [floor.limited, product])) {
    report.row({
      work: workOf('CPU of 1,000 conversions', contender),
      unit: 'CPU s',
      measured: measured.cpuSeconds,
      baseline: { what: `floor (${baseline.cpuSplit})`, value: baseline.cpuSeconds },
      ...goalOf(contender, { atMost: 1.5 }),
      note: measured.cpuSplit,
    });
    report.row({
      work: workOf('50 in flight, Impact 20 ms', contender),
      unit: 'a second',
      measured: measured.perSecond,
      baseline: { what: 'floor', value: baseline.perSecond },
      ...goalOf(contender, { atLeast: 0.75 }),
    });
  }
}
