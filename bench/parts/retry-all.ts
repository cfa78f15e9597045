import { PassThrough, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import type { ReceivedRequest } from '../../dev/impact-sandbox/received.js';
import { startTemporal } from '../../dev/temporal.js';
import { runCommand } from '../../src/cli/run-command.js';
import { noStyle } from '../../src/cli/shell.js';
import { CONFIRM_WITHIN_MS, LOOK_UP } from '../../src/domain/impact-times.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { TASK_QUEUES } from '../../src/domain/workflow-names.js';
import { createImpactClient } from '../../src/impact/client.js';
import { createLogger } from '../../src/logger.js';
import { createMetrics } from '../../src/metrics.js';
import { openDatabase } from '../../src/mongo.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { countParked } from '../../src/temporal/parked-query.js';
import { readQueueRate } from '../../src/temporal/queue-rate.js';
import { temporalLogger } from '../../src/temporal/runtime.js';
import { wakeConversion } from '../../src/temporal/wake-conversion.js';
import { startConversionWorker } from '../../src/temporal/workers.js';
import type { Part, Report } from '../part.js';
import { saleOf, say, startBenchMongod } from '../support/fixtures.js';
import { inFlight } from '../support/load.js';

/**
 * Parks refused conversions and retries them by one `retry --all`: while reporting runs, and behind a pause, after which the
 * backlog drains.
 */
export const retryAll: Part = {
  about: 'one `retry --all`: the share of the permitted rate, and POSTs of each order (sandbox)',
  async run(report, { quick }) {
    const systems = await startSystems();
    try {
      for (const round of ['running', 'paused'] as const)
        await measure(systems, { round, count: quick ? 100 : 500 }, report);
    } finally {
      await systems.stop();
    }
  },
};

/** A second, of the account. */
const LIMIT = 20;
const IN_FLIGHT = 20;

type Systems = Awaited<ReturnType<typeof startSystems>>;

interface Round {
  round: 'running' | 'paused';
  count: number;
}

async function startSystems() {
  const logger = createLogger('silent');
  Runtime.install({
    logger: temporalLogger(logger),
    shutdownSignals: [],
    // Two cores are slow with thousands of workflows at once, and the core would log thousands of warnings.
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR' }) } },
  });
  const credentials = { accountSid: 'IRbench', authToken: 'bench' };
  const [mongod, server, impact] = await Promise.all([
    startBenchMongod(),
    startTemporal({ say }),
    startImpactSandbox(credentials),
  ]);
  const db = await openDatabase(mongod.uri);
  const temporal = createTemporalClient({ connectionOptions: { address: server.address } });
  const connection = await NativeConnection.connect({ address: server.address });
  const startWorker = (maxRequestsPerSecond: number) =>
    startConversionWorker({
      ...{ db, connection, temporal, namespace: 'default', programme, logger },
      impact: createImpactClient({ baseUrl: impact.url, credentials, timeoutMs: 20_000 }),
      ...{ maxRequestsPerSecond, maxReadsPerHour: 1_000, metrics: createMetrics() },
      ...{ confirmAfterMs: null, confirmWithinMs: CONFIRM_WITHIN_MS, lookUp: LOOK_UP },
      // This part starts the pending conversions itself, so the relay must not.
      relay: { intervalMs: 3_600_000, minimumAgeMs: 3_600_000 },
    });
  return {
    ...{ db, temporal, startWorker, sandbox: createSandboxCaller(impact.url) },
    environment: { MONGODB_URI: mongod.uri, TEMPORAL_ADDRESS: server.address },
    async stop() {
      await temporal.connection.close();
      await connection.close();
      await db.close();
      await Promise.all([impact.stop(), server.stop(), mongod.stop()]);
    },
  };
}

async function measure(systems: Systems, { round, count }: Round, report: Report): Promise<void> {
  const { db, temporal } = systems;
  await park(systems, { round, count });
  report.progress(`${count} are parked; reporting is ${round}, at most ${LIMIT} a second`);
  const worker = await systems.startWorker(LIMIT);
  if (round === 'paused') await command(systems, report, 'pause');
  await command(systems, report, 'retry', '--all', '--reason', 'impact_refused', '--yes');
  if (round === 'paused') {
    await until(async () => (await readQueueRate(temporal, TASK_QUEUES.impact)).backlog >= count);
    const early = (await accepted(systems, round)).length;
    if (early > 0) throw new Error(`${early} were sent while reporting was paused`);
    await command(systems, report, 'resume');
  }
  const ids = new RegExp(`^sale_subscription:${round}-`);
  await until(async () => (await db.conversions.countDocuments({ _id: ids, status: 'submitted' })) === count);
  await worker.shutdown();
  reportDrain(report, { round, count }, await accepted(systems, round));
}

function reportDrain(report: Report, { round, count }: Round, requests: ReceivedRequest[]): void {
  const work = round === 'running' ? 'retry --all' : 'retry --all behind a pause';
  const times = requests.map(({ receivedAt }) => Date.parse(receivedAt)).sort((a, b) => a - b);
  // Tasks that went to a stopped worker are dispatched again after 30 s. They come last, so we omit the last 5 %.
  const took = (times[Math.ceil(times.length * 0.95) - 1] ?? 0) - (times[0] ?? 0);
  report.row({
    work: `${work}: reports to Impact`,
    unit: 'a second',
    measured: (times.length * 0.95 - 1) / (took / 1_000),
    baseline: { what: 'permitted', value: LIMIT },
    goal: { atLeast: 0.9 },
    note: 'sandbox',
  });
  const orders = new Set(requests.map(({ orderId }) => orderId)).size;
  if (orders !== count) throw new Error(`${orders} of ${count} orders were accepted`);
  report.row({
    work: `${work}: POSTs for ${count} orders`,
    unit: 'count',
    measured: requests.length,
    baseline: { what: 'orders', value: count },
    goal: { atMost: 1 },
    note: 'sandbox',
  });
}

/** Creates conversions that Impact refuses, as fast as the machine can. */
async function park({ db, temporal, sandbox, startWorker }: Systems, { round, count }: Round): Promise<void> {
  await sandbox.fault({ kind: 'status', status: 400, times: count, body: { Status: 'ERROR' } });
  const worker = await startWorker(10_000);
  const sales = Array.from({ length: count }, (_, index) => saleOf(`${round}-${index}`, new Date()));
  await db.conversions.insertMany(sales);
  await inFlight(IN_FLIGHT, count, async (index) => {
    const sale = sales[index];
    if (sale) await wakeConversion({ temporal, deadlineMs: 30_000 }, sale);
  });
  await until(async () => (await countParked(temporal)) === count);
  await worker.shutdown();
}

async function command({ environment }: Systems, report: Report, ...args: string[]): Promise<void> {
  const exitCode = await runCommand(args, {
    environment,
    input: Readable.from([]),
    user: 'bench',
    invocation: 'conversions',
    style: noStyle,
    print: (text) => report.progress(`${args[0]}: ${text.replaceAll('\n', '; ')}`),
    say,
    screen: new PassThrough(),
  });
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}`);
}

async function accepted({ sandbox }: Systems, round: string): Promise<ReceivedRequest[]> {
  const requests = await sandbox.requests();
  return requests.filter(({ orderId, status }) => orderId?.startsWith(`${round}-`) && status === 200);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(500);
}
