import { setTimeout as delay } from 'node:timers/promises';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import type { IssuerKey } from '../../dev/issuer-key.js';
import { startTemporal } from '../../dev/temporal.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';
import { openDatabase } from '../../src/mongo.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import type { Ledger } from '../memory/fill.js';
import { measureRetries } from '../memory/measure-retries.js';
import { measureStart, SETTLE_MS } from '../memory/measure-start.js';
import { measureWaiting } from '../memory/measure-waiting.js';
import type { Part, Report } from '../part.js';
import { say, startBenchMongod } from '../support/fixtures.js';
import { call, inFlight } from '../support/load.js';
import { rssMbOf, type Systems, startBenchApi, startBenchWorker } from '../support/processes.js';
import { sessionOf } from '../support/session.js';

/**
 * Time from the start of a process to ready, its memory, and what it costs that the worker keeps only some of the waiting
 * workflows in memory.
 */
export const memory: Part = {
  about: 'time to ready and memory of API and worker, also with thousands of waiting workflows',
  async run(report, { quick }) {
    const { systems, key, ledger, stop } = await startSystems();
    const sizes = quick ? [300, 600] : [500, 2_000, 4_000];
    await measureStart(report, systems, quick ? 2 : 7);
    await measureParked(report, systems, {
      ledger,
      key,
      sizes,
      ...(quick ? { signups: 100, retries: 20 } : { signups: 1_000, retries: 100 }),
    });
    await measureInConfirmation(report, systems, { ledger, sizes });
    await stop();
  },
};

type Plan = { ledger: Ledger; key: IssuerKey; sizes: readonly number[]; signups: number; retries: number };

/** No workflow waits for its confirmation: parked ones alone stay. */
async function measureParked(
  report: Report,
  systems: Systems,
  { ledger, key, sizes, signups, retries }: Plan,
) {
  const sandbox = createSandboxCaller(systems.impactUrl);
  const api = await startBenchApi(systems);
  const worker = await startBenchWorker(systems, { ...SETTINGS, IMPACT_CONFIRM: 'off' });
  await delay(SETTLE_MS);
  const atRest = { api: rssMbOf(api.pid), worker: rssMbOf(worker.pid) };
  await inFlight(10, signups, async (index) => {
    const session = await sessionOf({ key, issuerUrl: systems.issuerUrl }, `user_${index}`);
    const headers = { ...session, 'x-affiliate-click-id': `click-${index}` };
    await call(`${api.url}/v1/me`, { headers });
  });
  while ((await ledger.db.conversions.countDocuments({ status: 'submitted' })) < signups) await delay(200);
  await delay(SETTLE_MS);
  for (const [name, { pid }] of Object.entries({ api, worker }))
    report.row({
      work: `${name === 'api' ? 'API' : name}: memory after ${signups.toLocaleString('en')} signups`,
      unit: 'MB',
      measured: rssMbOf(pid),
      baseline: { what: 'at rest', value: atRest[name as keyof typeof atRest] },
    });
  await api.stop();
  const parked = Math.max(...sizes);
  await sandbox.fault({ kind: 'status', status: 400, times: parked, body: { Status: 'ERROR' } });
  await measureWaiting(report, worker, ledger, { status: 'parked', work: 'parked', sizes });
  await sandbox.clearFaults();
  await measureRetries(report, worker, ledger, { sandbox, parked, count: retries });
  await worker.stop();
}

async function measureInConfirmation(
  report: Report,
  systems: Systems,
  { ledger, sizes }: Pick<Plan, 'ledger' | 'sizes'>,
) {
  const worker = await startBenchWorker(systems, { ...SETTINGS, IMPACT_CONFIRM_AFTER: '86400' });
  await measureWaiting(report, worker, ledger, { status: 'submitted', work: 'in confirmation', sizes });
  await worker.stop();
}

/** The allowance of Impact is not what this part measures. The heap is limited as in docker-compose.yml. */
const SETTINGS = { IMPACT_MAX_REQUESTS_PER_SECOND: '10000', NODE_OPTIONS: '--max-old-space-size=256' };

async function startSystems() {
  const credentials = { accountSid: 'IRbench', authToken: 'bench' };
  const [mongod, temporalServer, impact] = await Promise.all([
    startBenchMongod(),
    startTemporal({ say }),
    startImpactSandbox(credentials),
  ]);
  const issuer = await startTokenIssuer({ keyFile: `${mongod.dbPath}/issuer-key.json` });
  const systems: Systems = {
    mongoUri: mongod.uri,
    temporalAddress: temporalServer.address,
    issuerUrl: issuer.issuerUrl,
    impactUrl: impact.url,
    credentials,
  };
  const db = await openDatabase(mongod.uri);
  const temporal = createTemporalClient({ connectionOptions: { address: temporalServer.address } });
  return {
    systems,
    key: issuer.key,
    ledger: { db, temporal },
    async stop() {
      await temporal.connection.close();
      await db.close();
      await Promise.all([issuer.stop(), impact.stop(), temporalServer.stop()]);
      await mongod.stop();
    },
  };
}
