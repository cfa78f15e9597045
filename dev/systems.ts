import type { Child } from './child.js';
import type { DataDir } from './data-dir.js';
import { startImpactSandbox } from './impact-sandbox/index.js';
import { startMongod } from './mongod.js';
import { choosePort } from './ports.js';
import { startTemporal } from './temporal.js';
import { startTokenIssuer } from './token-issuer.js';

/** The systems around the project's own processes: for each the real one that the environment names, or an embedded one. */

export type SystemsOptions = {
  directory: DataDir;
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
  /** Takes each embedded system as soon as it runs, to stop it later. */
  keep: Keep;
};

/** What runs, with its process if it has one of its own. */
export type Part = { stop: () => Promise<void>; child?: Child };
export type Keep = <T extends Part>(starting: Promise<T>) => Promise<T>;

const DATABASE = 'affiliate';

export async function provideMongo(options: SystemsOptions): Promise<string> {
  const { directory, env, say, keep } = options;
  if (env.MONGODB_URI) return env.MONGODB_URI;
  const port = await portFor('MongoDB', 27018, options);
  const files = directory.filesOf('mongod');
  const { uri } = await keep(startMongod({ dbPath: directory.mongod, port, say, ...files }));
  return uri.replace('/?', `/${DATABASE}?`);
}

export async function provideTemporal(options: SystemsOptions) {
  const { directory, env, say, keep } = options;
  if (env.TEMPORAL_ADDRESS) return { address: env.TEMPORAL_ADDRESS, uiUrl: undefined };
  const port = await portFor('Temporal', 7233, options);
  const uiPort = await portFor('Temporal UI', 8233, options);
  const files = directory.filesOf('temporal');
  return keep(startTemporal({ dbFile: directory.temporalDb, port, uiPort, say, ...files }));
}

export async function provideIssuer(options: SystemsOptions): Promise<string> {
  const { directory, env, keep } = options;
  if (env.AUTH_ISSUER) return env.AUTH_ISSUER;
  const port = await portFor('token issuer', 4011, options);
  return (await keep(startTokenIssuer({ keyFile: directory.issuerKey, port }))).issuerUrl;
}

/** Credentials may be set to nothing on purpose: without them the worker skips every conversion. */
export async function provideImpact(options: SystemsOptions) {
  const { IMPACT_BASE_URL: url, IMPACT_ACCOUNT_SID: accountSid, IMPACT_AUTH_TOKEN: authToken } = options.env;
  if (url) return { url, credentials: { accountSid: accountSid ?? '', authToken: authToken ?? '' } };
  const credentials = { accountSid: accountSid ?? 'IRsandbox', authToken: authToken ?? 'sandbox-token' };
  const port = await portFor('Impact sandbox', 4010, options);
  const sandbox = await options.keep(startImpactSandbox({ ...credentials, port }));
  return { url: sandbox.url, credentials };
}

/** PORT=0 means any free port, for the API and for everything else, so that stacks can run side by side. */
export function portFor(name: string, preferred: number, { env, say }: SystemsOptions): Promise<number> {
  return choosePort(env.PORT === '0' ? 0 : preferred, (line) => say(`${name}: ${line}`));
}
