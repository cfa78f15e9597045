import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { DEVELOPMENT_USER_ID_KEY } from '../../dev/environment.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';
import { WORKFLOW_TYPE } from '../../src/domain/workflow-names.js';
import { createUserIdOf } from '../../src/users/user-id.js';
import { startBenchMongod } from '../support/fixtures.js';
import { call } from '../support/load.js';
import { cpuSecondsOf, startBenchApi, startBenchWorker } from '../support/processes.js';
import { sessionOf } from '../support/session.js';
import { monotonicMs } from './clock.js';
import type { Job, ScalableContender } from './contender.js';
import { CREDENTIALS } from './form.js';
import type { BenchImpact } from './impact.js';
import { type RunningTemporal, untilNoneRuns } from './temporal-server.js';

const userIdOf = createUserIdOf(DEVELOPMENT_USER_ID_KEY);

/** Without limits of its own, and without the later steps of a conversion. */
const SETTINGS = { IMPACT_CONFIRM: 'off', IMPACT_MAX_REQUESTS_PER_SECOND: '100000', AUDIT: 'off' };

/** The API and the workers as built. A job is an attributed signup over HTTP. */
export async function startProduct(
  server: RunningTemporal,
  temporal: Client,
  impact: BenchImpact,
): Promise<ScalableContender> {
  const keyFolder = await mkdtemp(join(tmpdir(), 'affiliate-bench-'));
  const [mongod, issuer] = await Promise.all([
    startBenchMongod(),
    startTokenIssuer({ keyFile: join(keyFolder, 'issuer-key.json') }),
  ]);
  const { issuerUrl } = issuer;
  const systems = {
    ...{ mongoUri: mongod.uri, temporalAddress: server.address, issuerUrl },
    ...{ impactUrl: impact.url, credentials: CREDENTIALS },
  };
  const api = await startBenchApi(systems);
  const workers = [await startBenchWorker(systems, SETTINGS)];
  let users = 0;

  async function nextJob(): Promise<Job> {
    users += 1;
    const clerkId = `user_${users}`;
    const headers = { ...(await sessionOf(issuer, clerkId)), 'x-affiliate-click-id': 'click' };
    return {
      orderId: `signup-${userIdOf(clerkId)}`,
      async begin() {
        await call(`${api.url}/v1/me`, { headers });
        return monotonicMs();
      },
    };
  }
  return {
    name: 'product',
    prepare: (count) => Promise.all(Array.from({ length: count }, nextJob)),
    untilIdle: () => untilNoneRuns(temporal.workflow, `WorkflowType = '${WORKFLOW_TYPE}'`),
    cpuSeconds: () => ({
      Temporal: server.cpuSeconds(),
      worker: workers.reduce((sum, { pid }) => sum + cpuSecondsOf(pid), 0),
      API: cpuSecondsOf(api.pid),
      mongod: cpuSecondsOf(mongod.pid),
    }),
    async setWorkers(count) {
      while (workers.length < count) workers.push(await startBenchWorker(systems, SETTINGS));
      await Promise.all(workers.splice(count).map((worker) => worker.stop()));
    },
    async stop() {
      await Promise.all([api, ...workers].map((service) => service.stop()));
      await Promise.all([mongod.stop(), issuer.stop(), rm(keyFolder, { recursive: true })]);
    },
  };
}
