import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../dev/ports.js';
import { startSandboxProcess } from '../../dev/sandbox-process.js';
import { startService } from '../../dev/service.js';
import { startTemporal } from '../../dev/temporal.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';
import { say, startBenchMongod } from './fixtures.js';
import { sessionOf } from './session.js';

const CREDENTIALS = { accountSid: 'IRbench', authToken: 'bench' };

export type SignupSystems = Awaited<ReturnType<typeof startSignupSystems>>;

/** All that the API and the worker need, with the Impact sandbox, and the baseline's server on the same mongod. */
export async function startSignupSystems() {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-bench-'));
  const impactPort = await freePort();
  const [mongod, temporal, issuer, impact] = await Promise.all([
    startBenchMongod(),
    startTemporal({ say }),
    startTokenIssuer({ keyFile: join(directory, 'key.json') }),
    startSandboxProcess({ ...CREDENTIALS, port: impactPort, journal: join(directory, 'journal') }),
  ]);
  const port = await freePort();
  const baseline = await startService({
    name: 'baseline',
    entry: 'bench/baseline/server.ts',
    env: { ...process.env, PORT: String(port), MONGODB_URI: mongod.uri, AUTH_ISSUER: issuer.issuerUrl },
  });
  let users = 0;
  return {
    mongoUri: mongod.uri,
    temporalAddress: temporal.address,
    issuerUrl: issuer.issuerUrl,
    impactUrl: `http://127.0.0.1:${impactPort}`,
    credentials: CREDENTIALS,
    baseline: { url: `http://127.0.0.1:${port}`, pid: baseline.child.pid },
    processes: [mongod.pid, temporal.child.pid],
    newUsers: (count: number) => Array.from({ length: count }, () => `user_${++users}`),
    /** The header of each user's session. */
    sessionsOf: (clerkIds: readonly string[]) =>
      Promise.all(clerkIds.map((clerkId) => sessionOf(issuer, clerkId))),
    async stop() {
      await baseline.stop();
      await Promise.all([mongod.stop(), temporal.stop(), issuer.stop(), impact.stop()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
