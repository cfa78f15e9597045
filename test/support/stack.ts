import { NativeConnection } from '@temporalio/worker';
import { expect, inject } from 'vitest';
import { DEVELOPMENT_CONSOLE_CLIENT, LOCAL_MACHINE_SCOPES } from '../../dev/environment.js';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import { freePort } from '../../dev/ports.js';
import { serve } from '../../dev/serve.js';
import { signMachineToken, signSessionToken } from '../../dev/sign-token.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';
import { createApp } from '../../src/api/app.js';
import { createAuthenticate } from '../../src/api/authenticate.js';
import { createKeysOfIssuers } from '../../src/api/issuer-keys.js';
import { type RateLimits, type TrustProxy, UNLIMITED } from '../../src/api/limit-requests.js';
import { type ConsoleConfig, type Environment, loadAuthConfig } from '../../src/config.js';
import { type Conversion, workflowId } from '../../src/domain/conversion.js';
import { type AskingTimes, CONFIRM_WITHIN_MS, LOOK_UP } from '../../src/domain/impact-times.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { Programme } from '../../src/domain/programme/programme.js';
import { createHttpServer } from '../../src/http-server.js';
import { createImpactClient } from '../../src/impact/client.js';
import { observeImpact } from '../../src/impact/observe.js';
import type { Logger } from '../../src/logger.js';
import { createMetrics } from '../../src/metrics.js';
import { openDatabase } from '../../src/mongo.js';
import type { StripeConfig } from '../../src/sources/stripe/deps.js';
import { createStripeSource } from '../../src/sources/stripe/index.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { createWorkflowStarter } from '../../src/temporal/wake-soon.js';
import { startConversionWorker } from '../../src/temporal/workers.js';
import { tracedFetch } from '../../src/tracing/traced-fetch.js';
import type { Tracing } from '../../src/tracing/tracing.js';
import { createApiCaller } from './api-caller.js';
import { freshMongoUri } from './mongo.js';
import { installRuntime, logger } from './runtime.js';
import { testStripe } from './stripe-source.js';
import { createNamespace } from './temporal.js';
import { userIdOf } from './user-id.js';

export const AUTHORIZED_PARTY = 'https://app.example.com';

export interface StackOptions {
  programme?: Programme;
  signupGraceMs?: number;
  allowedOrigins?: string[];
  /** By default none, so that no test is limited by accident. */
  rateLimits?: Partial<RateLimits>;
  trustProxy?: TrustProxy;
  /** Whose tokens the API accepts, in place of the test's own. */
  auth?: Environment;
  /** Turns the console on, with the local issuer as its provider, and with these settings in place of its own. */
  console?: Partial<ConsoleConfig>;
  /** Turns Stripe on as a source, with these settings in place of the test's own. */
  stripe?: Partial<StripeConfig>;
  /** Of the API. */
  logger?: Logger;
  mongoUri?: string;
  /** The API and its database only: nothing reports what it records. */
  worker?: boolean;
  /** `false`: the worker runs without Impact credentials. */
  credentials?: boolean;
  impactTimeoutMs?: number;
  /** By default the worker does not ask for the outcome of a submission. */
  confirmAfterMs?: number;
  confirmWithinMs?: number;
  lookUp?: AskingTimes;
  temporal?: { address: string; namespace: string };
  relay?: { intervalMs: number; minimumAgeMs: number };
  release?: { intervalMs: number; heldMs: number };
  tracing?: Tracing;
  watch?: { endedIntervalMs: number; scanIntervalMs: number; minimumAgeMs: number };
  /** The worker's build id, where Temporal is to tell versions apart. */
  buildId?: string;
}

/** A worker whose options differ; with a `mongoUri` it has a connection of its own, as in production. */
type WorkerOverrides = Pick<StackOptions, 'buildId' | 'confirmAfterMs' | 'credentials' | 'mongoUri'>;

export type Stack = Awaited<ReturnType<typeof startStack>>;

/** The whole service in this process, on real servers; Impact alone is the sandbox. */
export async function startStack(options: StackOptions = {}) {
  const credentials = { accountSid: 'IRtest', authToken: 'secret' };
  const issuer = await startTokenIssuer({ keyFile: inject('issuerKeyFile') });
  const events = options.programme ?? programme;
  const trackers = events.all.map(({ actionTrackerId }) => actionTrackerId);
  const sandbox = await startImpactSandbox({ ...credentials, programmes: { [events.campaignId]: trackers } });
  const { tracing } = options;
  const { address, namespace } = options.temporal ?? (await createNamespace());
  const db = await openDatabase(options.mongoUri ?? freshMongoUri());
  const temporal = createTemporalClient({ connectionOptions: { address }, namespace }, tracing);
  const starter = createWorkflowStarter({ db, temporal, logger, deadlineMs: 5_000 });
  const metrics = createMetrics();
  const auth = loadAuthConfig({
    AUTH_ISSUER: issuer.issuerUrl,
    AUTH_AUTHORIZED_PARTIES: AUTHORIZED_PARTY,
    MACHINE_SCOPES: LOCAL_MACHINE_SCOPES,
    ...options.auth,
  });
  // The provider sends browsers back to an address that the API must know before it listens.
  const port = options.console ? await freePort() : 0;
  // It loads for longer on a busy machine than the API waits.
  if (options.console) await fetch(`${issuer.issuerUrl}/.well-known/openid-configuration`);
  const shared = {
    db,
    programme: events,
    metrics,
    logger: options.logger ?? logger,
    userIdOf,
    signupGraceMs: options.signupGraceMs ?? 60_000,
  };
  const stripe = options.stripe && { ...testStripe(events), ...options.stripe };
  const wake = (woken: Conversion) => starter.wakeSoon(woken);
  const app = createApp({
    ...shared,
    temporal,
    starter,
    stripe: stripe && (await createStripeSource({ ...shared, stripe, wake })),
    allowedOrigins: options.allowedOrigins ?? [],
    rateLimits: { ...UNLIMITED, ...options.rateLimits },
    trustProxy: options.trustProxy,
    console: options.console ? { ...localConsole(issuer.issuerUrl, port), ...options.console } : null,
    authenticate: createAuthenticate(auth, createKeysOfIssuers(auth, { metrics, logger })),
    ready: () => db.ping(),
    tracing,
  });
  const { url: apiUrl, stop: stopApi } = await serve(createHttpServer(app), { port });

  async function startWorker(overrides: WorkerOverrides = {}) {
    installRuntime();
    const { buildId, relay, release, watch, ...own } = { ...options, ...overrides };
    const workerDb = overrides.mongoUri === undefined ? db : await openDatabase(overrides.mongoUri);
    const connection = await NativeConnection.connect({ address });
    const impact = createImpactClient(
      {
        baseUrl: sandbox.url,
        credentials: own.credentials === false ? null : credentials,
        timeoutMs: options.impactTimeoutMs ?? 5_000,
      },
      tracing ? tracedFetch(tracing) : fetch,
      observeImpact(metrics),
    );
    const worker = await startConversionWorker(
      {
        db: workerDb,
        connection,
        temporal,
        namespace,
        programme: events,
        impact,
        logger,
        metrics,
        tracing,
        maxRequestsPerSecond: 1_000,
        maxReadsPerHour: 3_600_000,
        confirmAfterMs: own.confirmAfterMs ?? null,
        confirmWithinMs: own.confirmWithinMs ?? CONFIRM_WITHIN_MS,
        lookUp: own.lookUp ?? LOOK_UP,
        ...(relay ? { relay } : {}),
        ...(release ? { release } : {}),
        ...(buildId ? { buildId } : {}),
        ...(watch ? { watch } : {}),
      },
      { codePath: inject('workflowBundlePath') },
    );
    return {
      async stop() {
        await worker.shutdown();
        await connection.close();
        if (workerDb !== db) await workerDb.close();
      },
    };
  }
  const workers = options.worker === false ? [] : [await startWorker()];

  async function stopWorkers() {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  }

  const conversion = (id: string): Promise<Conversion | null> => db.conversions.findById(id).lean();
  return {
    apiUrl,
    db,
    temporal,
    temporalAddress: address,
    /** Of the API and the worker together. */
    metrics,
    issuer,
    credentials,
    /** The sandbox in Impact's place. */
    sandbox: createSandboxCaller(sandbox.url),
    async startWorker(overrides?: WorkerOverrides) {
      workers.push(await startWorker(overrides));
    },
    /** Resolves when the API has started what it starts after its answers. */
    untilWoken: () => starter.drain(),
    stopWorkers,
    api: createApiCaller(apiUrl, {
      session: (clerkId, claims) =>
        signSessionToken(issuer.key, { issuerUrl: issuer.issuerUrl, clerkId, ...claims }),
      machine: (scope) => signMachineToken(issuer.key, { issuerUrl: issuer.issuerUrl, scope }),
    }),
    conversion,
    /** Resolves with the conversion once it has this status. */
    async untilStatus(id: string, status: Conversion['status'], timeout = 15_000) {
      await expect.poll(async () => (await conversion(id))?.status, { timeout, interval: 25 }).toBe(status);
      return (await conversion(id)) as Conversion;
    },
    /** Resolves with the conversion once Temporal has its workflow, whether a worker takes it up or not. */
    async untilStarted(id: string) {
      const describe = () => temporal.workflow.getHandle(workflowId(id)).describe();
      await expect.poll(() => describe().then(() => 'started', String)).toBe('started');
      return (await conversion(id)) as Conversion;
    },
    async stop() {
      await stopApi();
      await starter.drain();
      await stopWorkers();
      await temporal.connection.close();
      await db.close();
      await Promise.all([issuer.stop(), sandbox.stop()]);
    },
  };
}

function localConsole(issuer: string, port: number): ConsoleConfig {
  const { id, secret } = DEVELOPMENT_CONSOLE_CLIENT;
  const publicUrl = `http://127.0.0.1:${port}`;
  const role = { roleClaim: 'roles', roles: ['affiliate-manager'] };
  return { issuer, clientId: id, clientSecret: secret, publicUrl, ...role };
}

/** Repairs that begin at once, where production waits for minutes. */
export const QUICK_WATCH = { endedIntervalMs: 500, scanIntervalMs: 500, minimumAgeMs: 0 };
