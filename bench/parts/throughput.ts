import { quantile } from '../../dev/quantile.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import type { Part, PartOptions, Report } from '../part.js';
import type { Contender } from '../throughput/contender.js';
import { type Floor, startFloor } from '../throughput/floor.js';
import { type BenchImpact, startBenchImpact } from '../throughput/impact.js';
import { type Load, measureLatency, measureLoad } from '../throughput/measure.js';
import { type Product, startProduct } from '../throughput/product.js';
import { DEVELOPMENT_SERVER, type TemporalServer } from '../throughput/temporal-server.js';

const SERVERS: readonly TemporalServer[] = [DEVELOPMENT_SERVER];

/**
 * How fast a conversion gets to Impact, how many do, and what they cost, beside the least that Temporal can do. Both are
 * measured in turn on the same servers; the worker of the other one is idle meanwhile, and only polls.
 */
export const throughput: Part = {
  about: 'from the answer to the POST, beside a workflow with one activity that POSTs',
  async run(report, options) {
    const impact = await startBenchImpact();
    for (const server of SERVERS) await measureOn(server, impact, report, options);
    await impact.stop();
  },
};

async function measureOn(server: TemporalServer, impact: BenchImpact, report: Report, options: PartOptions) {
  const running = await server.start();
  const temporal = createTemporalClient({ connectionOptions: { address: running.address } });
  const [floor, product] = await Promise.all([
    startFloor(running, temporal, impact),
    startProduct(running, temporal, impact),
  ]);
  const measured: Measured = { server, impact, floor, product, report, ...options };
  await compareLatency(measured);
  await compareLoad(measured);
  await Promise.all([floor.stop(), product.stop()]);
  await temporal.connection.close();
  await running.stop();
}

type Measured = PartOptions & {
  server: TemporalServer;
  impact: BenchImpact;
  floor: Floor;
  product: Product;
  report: Report;
};

async function compareLatency({ server, impact, floor, product, report, quick }: Measured): Promise<void> {
  const times = { floor: [] as number[], product: [] as number[] };
  // The first jobs warm the processes up and are not counted.
  for (let round = quick ? -3 : -10; round < (quick ? 10 : 50); round += 1) {
    const measured = {
      floor: await measureLatency(floor, impact),
      product: await measureLatency(product, impact),
    };
    if (round < 0) continue;
    times.floor.push(measured.floor);
    times.product.push(measured.product);
  }
  report.row({
    work: `answer → POST, idle, ${server.name}`,
    unit: 'ms',
    measured: median(times.product),
    baseline: { what: 'floor, from its call', value: median(times.floor) },
    goal: { atMost: 1.4 },
  });
}

async function compareLoad({ server, impact, floor, product, report, quick }: Measured): Promise<void> {
  const loads = { floor: [] as Load[], product: [] as Load[] };
  // The first round warms the processes up and is not counted.
  for (let round = 0; round <= (quick ? 1 : 5); round += 1) {
    const measure = (contender: Contender) => measureLoad(contender, impact, quick ? 100 : 400);
    const measured = { floor: await measure(floor), product: await measure(product) };
    report.progress(`round ${round}: ${rates(measured)}`);
    if (round === 0) continue;
    loads.floor.push(measured.floor);
    loads.product.push(measured.product);
  }
  const perSecond = (each: readonly Load[]) => median(each.map((load) => load.perSecond));
  const [floorCpu, productCpu] = [splitOf(loads.floor), splitOf(loads.product)];
  report.row({
    work: `conversions, 50 in flight, Impact 20 ms, ${server.name}`,
    unit: 'a second',
    measured: perSecond(loads.product),
    baseline: { what: 'floor', value: perSecond(loads.floor) },
    goal: { atLeast: 0.75 },
  });
  report.row({
    work: `processor time of 1,000 conversions, ${server.name}`,
    unit: 'CPU s',
    measured: productCpu.sum,
    baseline: { what: `floor (${floorCpu.split})`, value: floorCpu.sum },
    goal: { atMost: 1.5 },
    note: productCpu.split,
  });
}

function rates({ floor, product }: { floor: Load; product: Load }): string {
  return `floor ${floor.perSecond.toFixed(1)}, product ${product.perSecond.toFixed(1)} a second`;
}

/** `62 Temporal + 44 worker` */
function splitOf(loads: readonly Load[]) {
  const processes = Object.keys(loads[0]?.cpuSeconds ?? {});
  const each = processes.map((name) => ({
    name,
    seconds: median(loads.map(({ cpuSeconds }) => cpuSeconds[name] ?? 0)),
  }));
  return {
    sum: each.reduce((sum, { seconds }) => sum + seconds, 0),
    split: each.map(({ name, seconds }) => `${seconds.toFixed(1)} ${name}`).join(' + '),
  };
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5) ?? Number.NaN;
}
