import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inject } from 'vitest';
import { DEVELOPMENT_USER_ID_KEY, LOCAL_MACHINE_SCOPES } from '../../dev/environment.js';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { startImpactSandbox } from '../../dev/impact-sandbox/index.js';
import { freePort } from '../../dev/ports.js';
import { startService } from '../../dev/service.js';
import { signMachineToken, signSessionToken } from '../../dev/sign-token.js';
import { startTokenIssuer } from '../../dev/token-issuer.js';
import { openDatabase } from '../../src/mongo.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { createApiCaller } from './api-caller.js';
import { freshMongoUri } from './mongo.js';
import { createNamespace } from './temporal.js';

export type Processes = Awaited<ReturnType<typeof startProcesses>>;

/** Starts the API and the worker as processes of their own, by their entries. */
export async function startProcesses(env: Record<string, string> = {}) {
  const credentials = { accountSid: 'IRtest', authToken: 'token-of-this-account' };
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-test-'));
  const issuer = await startTokenIssuer({ keyFile: inject('issuerKeyFile') });
  const sandbox = await startImpactSandbox(credentials);
  const { address, namespace } = await createNamespace();
  const mongoUri = freshMongoUri();
  const db = await openDatabase(mongoUri);
  const temporal = createTemporalClient({ connectionOptions: { address }, namespace });
  const shared = {
    PATH: process.env.PATH,
    MONGODB_URI: mongoUri,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
    LOG_LEVEL: 'debug',
    NODE_OPTIONS: `--import ${new URL('say-modules.js', import.meta.url).href}`,
    ...env,
  };
  // One after the other: two ports that are asked for at once may be the same.
  const ports = { api: await freePort(), worker: await freePort() };
  const logFile = (name: string) => join(directory, `${name}.log`);
  const start = async (name: 'api' | 'worker', own: Record<string, string>) => {
    const port = ports[name];
    const entry = join(inject('buildDirectory'), 'src', name === 'api' ? 'server.js' : 'worker.js');
    const service = await startService({
      name,
      entry,
      env: { ...shared, ...own, PORT: String(port) },
      logFile: logFile(name),
    });
    return {
      url: `http://127.0.0.1:${port}`,
      stop: service.stop,
      /** Ends it at once, like a crash of the machine. */
      async kill() {
        service.child.kill();
        await service.child.exited;
      },
    };
  };
  const startApi = (own: Record<string, string> = {}) =>
    start('api', {
      METRICS_PORT: '0',
      AUTH_ISSUER: issuer.issuerUrl,
      AUTH_JWKS_URL: issuer.jwksUrl,
      AUTH_AUTHORIZED_PARTIES: '*',
      MACHINE_SCOPES: LOCAL_MACHINE_SCOPES,
      USER_ID_KEY: DEVELOPMENT_USER_ID_KEY,
      ...own,
    });
  const startWorker = (own: Record<string, string> = {}) =>
    start('worker', {
      IMPACT_BASE_URL: sandbox.url,
      IMPACT_ACCOUNT_SID: credentials.accountSid,
      IMPACT_AUTH_TOKEN: credentials.authToken,
      IMPACT_CONFIRM: 'off',
      ...own,
    });
  return {
    credentials,
    mongoUri,
    db,
    temporal,
    sandbox: createSandboxCaller(sandbox.url),
    startApi,
    startWorker,
    workerUrl: `http://127.0.0.1:${ports.worker}`,
    callApi: (url: string) =>
      createApiCaller(url, {
        session: (clerkId) => signSessionToken(issuer.key, { issuerUrl: issuer.issuerUrl, clerkId }),
        machine: (scope) => signMachineToken(issuer.key, { issuerUrl: issuer.issuerUrl, scope }),
      }),
    /** The lines that the process has written. */
    async lines(name: 'api' | 'worker'): Promise<string[]> {
      return (await readFile(logFile(name), 'utf8')).split('\n').filter(Boolean);
    },
    async status(conversionId: string) {
      return (await db.conversions.findById(conversionId).lean())?.status;
    },
    async stop() {
      await temporal.connection.close();
      await db.close();
      await Promise.all([issuer.stop(), sandbox.stop()]);
      await rm(directory, { recursive: true });
    },
  };
}
