import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readJournal } from '../impact-sandbox/index.js';
import { readOrders } from '../trial/at-impact.js';
import { check } from '../trial/check.js';
import { PROJECT } from '../trial/launch.js';
import { readLedger } from '../trial/ledger.js';
import { type System, startSystem } from '../trial/system.js';
import type { Wanted } from '../trial/wanted.js';
import type { Happened } from './faults.js';
import { type Journey, planJourneys } from './journeys.js';
import { type MemorySample, sampleMemory } from './measure.js';
import type { Judged } from './report.js';
import type { Scenario } from './scenarios.js';
import { walkAll } from './walk.js';

interface RunOptions {
  scenario: Scenario;
  seed: number;
  /** Signups and sales. */
  count: number;
  /** For how long clients come. */
  minutes: number;
  /** Whether the sandbox takes a second POST of an order for the first one. */
  dedupe: boolean;
  /** Where another build lies. */
  from?: string | undefined;
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

/** Each sale waits for its user's signup, so that a fault can hit the waiting and its end. */
const PROGRAMME_FILE = join(import.meta.dirname, 'programme.json');

/** Impact takes its time too, so that an order is not listed as soon as it was taken. */
const PROCESSING_MS = 1_500;

/** A backlog takes its time; a lost workflow is noticed within a quarter of an hour. */
const SETTLE_WITHIN_MS = 40 * 60_000;

export type RunResult = Awaited<ReturnType<typeof run>>;

/** Clients come and the scenario happens; then everything works again, an operator retries what is parked, and it is judged. */
export async function run({ scenario, seed, count, minutes, dedupe, from, dataDir, say }: RunOptions) {
  const lengthMs = minutes * 60_000;
  const journeys = planJourneys({ seed, count, lengthMs, ...scenario.load });
  const workerSettings = { ...WAITS, ...scenario.workerSettings };
  await rm(dataDir, { recursive: true, force: true });
  say('starting MongoDB, Temporal, the Impact sandbox, the API and two workers');
  const { dynamicConfig = [] } = scenario;
  const settings = { workerSettings, programmeFile: PROGRAMME_FILE, dynamicConfig };
  const system = await startSystem({ dataDir, from, say, ...settings });
  const wanted: Wanted[] = [];
  const happened: Happened[] = [];
  const memory: MemorySample[] = [];
  const sampling = new AbortController();
  try {
    await prepareSandbox(system, journeys, dedupe);
    void sampleMemory(system, memory, sampling.signal);
    say(`${count} conversions come within ${minutes} minutes`);
    const scene = { system, seed, lengthMs, happened, say };
    await Promise.all([walkAll(system, journeys, wanted), scenario.act(scene)]);
    say('every client is done, and everything works again');
    const documents = await settle(system, scenario, say);
    // The sandbox processes what it took when somebody looks.
    await system.sandbox.actions();
    const orders = readOrders(readJournal(system.journal));
    const judged = wanted.map((each): Judged => {
      const atImpact = orders.get(each.orderId ?? '');
      const verdict = check(each, atImpact, documents.get(each.conversionId ?? ''));
      return { wanted: each, atImpact, verdict };
    });
    return { judged, happened, memory, documents, crashes: system.crashes, root: system.root };
  } finally {
    sampling.abort();
    await system.stop();
  }
}

/** Waits until nothing is under way, lets an operator act, and waits again. @returns the ledger's documents */
async function settle(system: System, { ledgerIsOld }: Scenario, say: (line: string) => void) {
  const ledger = await readLedger(system.direct.mongoUri);
  try {
    await ledger.settle(SETTLE_WITHIN_MS, say);
    say(`parked: ${await ledger.parkedByReason()}`);
    if (ledgerIsOld) await command(system, say, 'audit', ...auditWindow());
    else await command(system, say, 'retry', '--all', '--yes');
    const left = await ledger.settle(SETTLE_WITHIN_MS, say);
    if (left > 0) say(`${left} conversions are still under way`);
    return await ledger.all();
  } finally {
    await ledger.close();
  }
}

async function prepareSandbox(
  { sandbox }: System,
  journeys: readonly Journey[],
  dedupe: boolean,
): Promise<void> {
  const rateLimits = { Conversions: null, APISubmissions: null, Actions: null };
  const deduplication = dedupe ? 'on' : 'off';
  await sandbox.settings({ deduplication, rateLimits, processingMs: PROCESSING_MS });
  for (const { sale } of journeys)
    if (sale?.outcome) await sandbox.plan({ orderId: sale.orderId, ...sale.outcome });
}

const DAY_MS = 86_400_000;

function auditWindow(): string[] {
  const [from, to] = [Date.now() - DAY_MS, Date.now() + DAY_MS].map((at) => new Date(at).toISOString());
  return ['--from', String(from), '--to', String(to)];
}

/** A command of the operator, out of the same build. */
async function command({ direct }: System, say: (line: string) => void, ...args: string[]): Promise<void> {
  const entry = join(PROJECT, 'dist', 'src', 'cli', 'conversions.js');
  const env = {
    PATH: process.env.PATH,
    MONGODB_URI: direct.mongoUri,
    TEMPORAL_ADDRESS: direct.temporalAddress,
  };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [entry, ...args], { env }).catch(
    // An audit with differences ends with 1.
    (error: { stdout: string; stderr: string }) => error,
  );
  for (const line of `${stdout}${stderr}`.trim().split('\n')) say(`conversions ${args[0]}: ${line}`);
}

/** What is needed to understand a run, beside the logs and the sandbox's journal that are in its folder already. */
export async function writeEvidence(result: RunResult): Promise<void> {
  const { judged, happened, documents, crashes, root } = result;
  const time = (at: number) => new Date(at).toISOString();
  const bad = judged.filter(({ verdict }) => verdict.problems.length > 0);
  const files = {
    'problems.json': bad.map((each) => ({ ...each, ledger: documents.get(each.wanted.conversionId ?? '') })),
    'faults.json': happened.map((fault) => ({ ...fault, from: time(fault.from), to: time(fault.to) })),
    'clients.json': judged,
    'crashes.json': crashes,
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(root, name), `${JSON.stringify(content, null, 2)}\n`);
}
