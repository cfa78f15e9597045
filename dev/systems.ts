import type { Child } from './child.js';
import type { DataDir } from './data-dir.js';
import { readProgrammeFile, startImpactSandbox } from './impact-sandbox/index.js';
import { startMongod } from './mongod.js';
import type { StackPorts } from './stack-ports.js';
import { startTemporal } from './temporal.js';
import { startTokenIssuer } from './token-issuer.js';

/** The systems around the project's own processes: for each the real one that the environment names, or an embedded one. */

export type SystemsOptions = {
  directory: DataDir;
  env: NodeJS.ProcessEnv;
  ports: StackPorts;
  say: (line: string) => void;
  /** Gets each embedded system as soon as it runs. */
  started: Part[];
};

/** A part of the stack, with its process if it has one of its own. */
export type Part = { stop: () => Promise<void>; child?: Child };

export async function provideMongo(options: SystemsOptions): Promise<string> {
  const { directory, env, ports, say, started } = options;
  if (env.MONGODB_URI) return env.MONGODB_URI;
  const port = ports.MongoDB;
  const mongod = await startMongod({ dbPath: directory.mongod, port, say, ...directory.filesOf('mongod') });
  started.push(mongod);
  return mongod.uri.replace('/?', '/affiliate?');
}

export async function provideTemporal(options: SystemsOptions) {
  const { directory, env, ports, say, started } = options;
  if (env.TEMPORAL_ADDRESS) return { address: env.TEMPORAL_ADDRESS, uiUrl: undefined };
  const { Temporal: port, 'Temporal UI': uiPort } = ports;
  const files = directory.filesOf('temporal');
  const temporal = await startTemporal({ dbFile: directory.temporalDb, port, uiPort, say, ...files });
  started.push(temporal);
  return temporal;
}

export async function provideIssuer(options: SystemsOptions): Promise<string> {
  const { directory, env, ports, started } = options;
  if (env.AUTH_ISSUER) return env.AUTH_ISSUER;
  const issuer = await startTokenIssuer({ keyFile: directory.issuerKey, port: ports['token issuer'] });
  started.push(issuer);
  return issuer.issuerUrl;
}

/** Credentials may be set to nothing on purpose: without them the worker skips every conversion. */
export async function provideImpact({ env, ports, started }: SystemsOptions) {
  const { IMPACT_BASE_URL: url, IMPACT_ACCOUNT_SID: accountSid, IMPACT_AUTH_TOKEN: authToken } = env;
  if (url) return { url, credentials: { accountSid: accountSid ?? '', authToken: authToken ?? '' } };
  const credentials = { accountSid: accountSid ?? 'IRsandbox', authToken: authToken ?? 'sandbox-token' };
  const programmes = env.PROGRAMME_FILE ? readProgrammeFile(env.PROGRAMME_FILE) : undefined;
  const sandbox = await startImpactSandbox({ ...credentials, port: ports['Impact sandbox'], programmes });
  started.push(sandbox);
  return { url: sandbox.url, credentials };
}
