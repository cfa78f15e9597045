import { DEVELOPMENT_USER_ID_KEY } from '../../dev/environment.js';
import { freePort } from '../../dev/ports.js';
import { quantile } from '../../dev/quantile.js';
import { serve } from '../../dev/serve.js';
import { startTemporal } from '../../dev/temporal.js';
import { createApp } from '../../src/api/app.js';
import { UNLIMITED } from '../../src/api/limit-requests.js';
import { campaignEvents } from '../../src/domain/campaign-events/index.js';
import { createHttpServer } from '../../src/http-server.js';
import { createLogger } from '../../src/logger.js';
import { createMetrics } from '../../src/metrics.js';
import { type Database, openDatabase } from '../../src/mongo.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { createWorkflowStarter } from '../../src/temporal/wake-soon.js';
import { createUserIdOf } from '../../src/users/user-id.js';
import { say, startBenchMongod } from '../support/fixtures.js';

/**
 * "Users never wait for Impact or Temporal": times attributed signups over HTTP with Temporal up, with no server at
 * Temporal's address, and a bare upsert with the same write concern, in turn. Compare the ratios.
 *
 *   node --import tsx bench/signup.ts
 */

const ROUNDS = 40;
const IN_FLIGHT = 10;

const logger = createLogger('silent');
const [mongod, temporal] = await Promise.all([startBenchMongod(), startTemporal({ say })]);
const db = await openDatabase(mongod.uri);
const up = await startApi(db, temporal.address);
const down = await startApi(db, `127.0.0.1:${await freePort()}`);

const times: Record<string, number[]> = { upsert: [], 'Temporal up': [], 'Temporal down': [] };
let users = 0;
for (let round = -5; round < ROUNDS; round += 1) {
  const measured = {
    upsert: await timeAll((id) => bareUpsert(db, id)),
    'Temporal up': await timeAll((id) => signUp(up.url, id)),
    'Temporal down': await timeAll((id) => signUp(down.url, id)),
  };
  // The first rounds warm the process up and are not counted.
  if (round >= 0) for (const [name, each] of Object.entries(measured)) times[name]?.push(...each);
}
const baseline = median(times.upsert ?? []);
for (const [name, each] of Object.entries(times)) {
  const p50 = median(each);
  console.log(
    `${name.padEnd(14)} p50 ${p50.toFixed(1)} ms   ${(p50 / baseline).toFixed(2)} × upsert   (${each.length} requests)`,
  );
}

await Promise.all([up.stop(), down.stop()]);
await db.close();
await Promise.all([mongod.stop(), temporal.stop()]);
process.exit();

async function startApi(database: Database, address: string) {
  const client = createTemporalClient({ connectionOptions: { address } });
  const starter = createWorkflowStarter({ db: database, temporal: client, logger, deadlineMs: 5_000 });
  const app = createApp({
    db: database,
    temporal: client,
    starter,
    campaignEvents,
    logger,
    metrics: createMetrics(),
    userIdOf: createUserIdOf(DEVELOPMENT_USER_ID_KEY),
    signupGraceMs: 60_000,
    allowedOrigins: [],
    rateLimits: UNLIMITED,
    // Authentication costs the same in every row, so we omit it.
    authenticate: async (authorization) => ({
      kind: 'session',
      clerkId: authorization ?? '',
      impersonated: false,
    }),
    ready: () => database.ping(),
  });
  const { url, stop } = await serve(createHttpServer(app));
  return {
    url: `${url}/v1/me`,
    async stop() {
      await stop();
      await starter.drain();
      await client.connection.close();
    },
  };
}

async function signUp(url: string, clerkId: string): Promise<void> {
  const response = await fetch(url, { headers: { Authorization: clerkId, 'X-Affiliate-Click-Id': 'click' } });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  await response.arrayBuffer();
}

async function bareUpsert(database: Database, clerkId: string): Promise<void> {
  const now = new Date();
  const user = { $setOnInsert: { createdAt: now, updatedAt: now } };
  await database.users.updateOne({ clerkId }, user, { upsert: true });
}

function timeAll(run: (id: string) => Promise<void>): Promise<number[]> {
  return Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      users += 1;
      const start = performance.now();
      await run(`user_${users}`);
      return performance.now() - start;
    }),
  );
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5) ?? Number.NaN;
}
