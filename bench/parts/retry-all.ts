import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { makeTelemetryFilterString, NativeConnection, Runtime } from '@temporalio/worker';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import type { ReceivedRequest } from '../../dev/impact-sandbox/received.js';
import { startTemporal } from '../../dev/temporal.js';
import { runCommand } from '../../src/cli/run-command.js';
import { noStyle } from '../../src/cli/shell.js';
import { campaignEvents } from '../../src/domain/campaign-events/index.js';
import { CONFIRM_WITHIN_MS, LOOK_UP } from '../../src/domain/impact-times.js';
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
import { saleOf, say, startBenchMongod } from '../support/fixtures.js';

/**
 * `node --import tsx bench/retry-all.ts [count] [limit]`: parks `count` refused conversions and retries them by one
 * `retry --all`. It does so twice: while reporting runs, and behind a pause, after which the backlog drains. It checks
 * that each conversion causes one POST, and measures the share of the permitted rate that is used.
 */

const COUNT = Number(process.argv[2] ?? 2_000);
const LIMIT = Number(process.argv[3] ?? 20);
const IN_FLIGHT = 20;

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
const sandbox = createSandboxCaller(impact.url);
const db = await openDatabase(mongod.uri);
const temporal = createTemporalClient({ connectionOptions: { address: server.address } });
const connection = await NativeConnection.connect({ address: server.address });
const environment = { MONGODB_URI: mongod.uri, TEMPORAL_ADDRESS: server.address };

let failed = false;
try {
  for (const round of ['running', 'paused'] as const) failed = !(await measure(round)) || failed;
} finally {
  await temporal.connection.close();
  await connection.close();
  await db.close();
  await Promise.all([impact.stop(), server.stop(), mongod.stop()]);
}
process.exit(failed ? 1 : 0);

async function measure(round: 'running' | 'paused'): Promise<boolean> {
  await park(round);
  const worker = await startWorker(LIMIT);
  if (round === 'paused') await command('pause');
  const begun = Date.now();
  await command('retry', '--all', '--reason', 'impact_refused', '--yes');
  console.log(`  all ${COUNT} signalled after ${seconds(Date.now() - begun)}`);
  if (round === 'paused') {
    await until(async () => (await readQueueRate(temporal, TASK_QUEUES.impact)).backlog >= COUNT);
    const early = (await accepted(round)).length;
    if (early > 0) throw new Error(`${early} were sent while reporting was paused`);
    await command('resume');
  }
  const ids = new RegExp(`^sale_subscription:${round}-`);
  await until(async () => (await db.conversions.countDocuments({ _id: ids, status: 'submitted' })) === COUNT);
  await worker.shutdown();
  return reportDrain(await accepted(round));
}

/** Prints the rate, and returns whether each order was sent once. */
function reportDrain(requests: ReceivedRequest[]): boolean {
  const orders = new Set(requests.map(({ orderId }) => orderId)).size;
  const times = requests.map(({ receivedAt }) => Date.parse(receivedAt)).sort((a, b) => a - b);
  const took = (share: number) => (times[Math.ceil(times.length * share) - 1] ?? 0) - (times[0] ?? 0);
  // Tasks that went to a stopped worker are dispatched again after 30 s. They come last, so we omit the last 5 %.
  const rate = (times.length * 0.95 - 1) / (took(0.95) / 1_000);
  console.log(`  ${requests.length} POSTs taken, of ${orders} orders, in ${seconds(took(1))}`);
  console.log(
    `  95 % of them in ${seconds(took(0.95))}: ${(rate / LIMIT).toFixed(2)} of the permitted ${LIMIT} a second`,
  );
  return requests.length === COUNT && orders === COUNT;
}

/** Creates `COUNT` conversions that Impact refuses, as fast as the machine can. */
async function park(round: string): Promise<void> {
  await sandbox.fault({ kind: 'status', status: 400, times: COUNT, body: { Status: 'ERROR' } });
  const worker = await startWorker(10_000);
  const sales = Array.from({ length: COUNT }, (_, index) => saleOf(`${round}-${index}`, new Date()));
  await db.conversions.insertMany(sales);
  const startAll = async () => {
    for (let sale = sales.pop(); sale; sale = sales.pop())
      await wakeConversion({ temporal, deadlineMs: 30_000 }, sale);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, startAll));
  await until(async () => (await countParked(temporal)) === COUNT);
  await worker.shutdown();
  console.log(`${COUNT} are parked; reporting is ${round}, at most ${LIMIT} a second`);
}

function startWorker(maxRequestsPerSecond: number) {
  return startConversionWorker({
    ...{ db, connection, temporal, namespace: 'default', campaignEvents, logger },
    impact: createImpactClient({ baseUrl: impact.url, credentials, timeoutMs: 20_000 }),
    ...{ maxRequestsPerSecond, maxReadsPerHour: 1_000, metrics: createMetrics() },
    ...{ confirmAfterMs: null, confirmWithinMs: CONFIRM_WITHIN_MS, lookUp: LOOK_UP },
    // This script starts the pending conversions itself, so the relay must not.
    relay: { intervalMs: 3_600_000, minimumAgeMs: 3_600_000 },
  });
}

async function command(...args: string[]): Promise<void> {
  const exitCode = await runCommand(args, {
    environment,
    input: Readable.from([]),
    user: 'bench',
    invocation: 'conversions',
    style: noStyle,
    print: (text) => console.log(`  ${args[0]}: ${text.replaceAll('\n', '; ')}`),
    say,
  });
  if (exitCode !== 0) throw new Error(`${args.join(' ')} ended with ${exitCode}`);
}

async function accepted(round: string): Promise<ReceivedRequest[]> {
  const requests = await sandbox.requests();
  return requests.filter(({ orderId, status }) => orderId?.startsWith(`${round}-`) && status === 200);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await delay(500);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
