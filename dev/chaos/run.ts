import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readJournal } from '../impact-sandbox/index.js';
import { readOrders } from './at-impact.js';
import { check } from './check.js';
import { carryOut, type Happened, planAtSandbox } from './faults.js';
import { type Journey, planJourneys } from './journeys.js';
import { readLedger } from './ledger.js';
import type { Judged } from './report.js';
import { planFaults } from './schedule.js';
import { type System, startSystem } from './system.js';
import { type Wanted, walkAll } from './walk.js';

export interface RunOptions {
  seed: number;
  /** Signups and sales. */
  count: number;
  /** For how long clients come and faults happen. */
  minutes: number;
  /** Whether the sandbox takes a second POST of an order for the first one. */
  dedupe: boolean;
  dataDir: string;
  say: (line: string) => void;
}

/** The waits that are hours in production, in seconds. The wait before a look-up is longer than any fault on the way to Impact. */
const WAITS = {
  IMPACT_TIMEOUT_MS: '1500',
  IMPACT_CONFIRM_AFTER: '2',
  IMPACT_CONFIRM_WITHIN: '30',
  IMPACT_LOOK_UP_AFTER: '8',
  IMPACT_LOOK_UP_WITHIN: '64',
  IMPACT_MAX_REQUESTS_PER_SECOND: '50',
  IMPACT_MAX_READS_PER_HOUR: '360000',
};

/** Impact takes its time too, so that an order is not listed as soon as it was taken. */
const PROCESSING_MS = 1_500;

/** A poll that fails is repeated after a minute, then two, then four. */
const SETTLE_WITHIN_MS = 600_000;

export type RunResult = Awaited<ReturnType<typeof run>>;

/** Clients and faults for some minutes; then everything works again, an operator retries what is parked, and it is judged. */
export async function run({ seed, count, minutes, dedupe, dataDir, say }: RunOptions) {
  const lengthMs = minutes * 60_000;
  const journeys = planJourneys(seed, count, lengthMs);
  const lanes = planFaults(seed, lengthMs);
  await rm(dataDir, { recursive: true, force: true });
  say('starting MongoDB, Temporal, the Impact sandbox, the API and two workers');
  const system = await startSystem({ dataDir, workerSettings: WAITS, say });
  const wanted: Wanted[] = [];
  const happened: Happened[] = [];
  try {
    await prepareSandbox(system, journeys, dedupe);
    say(`${count} conversions and ${lanes.flat().length} faults in ${minutes} minutes`);
    const until = Date.now() + lengthMs;
    await Promise.all([walkAll(system, journeys, wanted), carryOut(system, lanes, until, happened)]);
    say('every client is done, and everything works again');
    const ledger = await readLedger(system.direct.mongoUri);
    await ledger.settle(SETTLE_WITHIN_MS, say);
    await retryParked(system, say);
    const left = await ledger.settle(SETTLE_WITHIN_MS, say);
    if (left > 0) say(`${left} conversions are still under way`);
    const documents = await ledger.all();
    await ledger.close();
    // The sandbox processes what it took when somebody looks.
    await fetch(`${system.direct.impactUrl}/_sandbox/actions`);
    const orders = readOrders(readJournal(system.journal));
    const judged = wanted.map((each): Judged => {
      const atImpact = orders.get(each.orderId ?? '');
      return {
        wanted: each,
        atImpact,
        verdict: check(each, atImpact, documents.get(each.conversionId ?? '')),
      };
    });
    return { judged, happened, documents, crashes: system.crashes, root: system.root };
  } finally {
    await system.stop();
  }
}

async function prepareSandbox(system: System, journeys: readonly Journey[], dedupe: boolean): Promise<void> {
  const rateLimits = { Conversions: null, APISubmissions: null, Actions: null };
  const deduplication = dedupe ? 'on' : 'off';
  await planAtSandbox(system, 'settings', { deduplication, rateLimits, processingMs: PROCESSING_MS });
  for (const { sale } of journeys)
    if (sale?.outcome) await planAtSandbox(system, 'outcomes', { orderId: sale.orderId, ...sale.outcome });
}

/** As an operator does once a fault is over: one command for everything that is parked. */
async function retryParked({ direct }: System, say: (line: string) => void): Promise<void> {
  const entry = join(import.meta.dirname, '..', '..', 'dist', 'src', 'cli', 'conversions.js');
  const env = {
    PATH: process.env.PATH,
    MONGODB_URI: direct.mongoUri,
    TEMPORAL_ADDRESS: direct.temporalAddress,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [entry, 'retry', '--all', '--yes'], { env });
  for (const line of stdout.trim().split('\n')) say(`conversions retry --all: ${line}`);
}

/** What is needed to understand a run, beside the logs and the sandbox's journal that are in its folder already. */
export async function writeEvidence({
  judged,
  happened,
  documents,
  crashes,
  root,
}: RunResult): Promise<void> {
  const bad = judged.filter(({ verdict }) => verdict.problems.length > 0);
  const files = {
    'problems.json': bad.map((each) => ({ ...each, ledger: documents.get(each.wanted.conversionId ?? '') })),
    'faults.json': happened.map((fault) => ({
      ...fault,
      from: new Date(fault.from),
      to: new Date(fault.to),
    })),
    'clients.json': judged,
    'crashes.json': crashes,
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(root, name), `${JSON.stringify(content, null, 2)}\n`);
}
