import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.js';
import { claimDataDir, type DataDir, readStackInfo, type StackInfo } from './data-dir.js';
import { apiEnvironment, workerEnvironment } from './environment.js';
import { allDone, createGroup, type Group } from './group.js';
import { isListening } from './ports.js';
import { startService } from './service.js';
import {
  portFor,
  provideImpact,
  provideIssuer,
  provideMongo,
  provideTemporal,
  type SystemsOptions,
} from './systems.js';

export type StackOptions = { dataDir: string; env: NodeJS.ProcessEnv; say: (line: string) => void };

export type Stack = {
  urls: StackInfo;
  /** Of a process by its name: whoever breaks the stack on purpose has to know which to kill. */
  pidOf: (name: string) => number;
  /** Resolves when a child ends by itself, with an error that says which, and why. */
  crashed: Promise<Error>;
  stop: () => Promise<void>;
  /** At once, without waiting for anything to finish. */
  kill: () => void;
};

/** The API and the worker with everything around them, on one machine, from one directory of data. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const directory = await claimDataDir(options.dataDir);
  const systems = createGroup();
  const services = createGroup();
  const stopAll = async () => {
    await services.stop();
    await systems.stop();
    await directory.release();
  };
  try {
    await waitForKilledStack(options);
    const urls = await startEverything(options, directory, systems, services);
    await directory.publish(urls);
    return { urls, ...supervise([...systems.children(), ...services.children()], stopAll) };
  } catch (error) {
    await stopAll();
    throw error;
  }
}

async function startEverything(
  { env, say }: StackOptions,
  directory: DataDir,
  systems: Group,
  services: Group,
): Promise<StackInfo> {
  say('starting MongoDB, Temporal, the token issuer and the Impact sandbox');
  const options: SystemsOptions = { directory, env, say, keep: systems.keep };
  const [mongoUri, temporal, issuerUrl, impact] = await allDone([
    provideMongo(options),
    provideTemporal(options),
    provideIssuer(options),
    provideImpact(options),
  ]);
  const addresses = { mongoUri, temporalAddress: temporal.address, issuerUrl, impactUrl: impact.url };

  say('starting the API and the worker');
  const apiPort = await portFor('API', Number(env.PORT || 3000), env, say);
  const metricsPort = await portFor('API metrics', Number(env.METRICS_PORT || 9465), env, say);
  const workerPort = await portFor('worker', 9464, env, say);
  const start = (name: string, entry: string, serviceEnv: NodeJS.ProcessEnv) =>
    services.keep(startService({ name, entry, env: serviceEnv, logFile: directory.log(name), say }));
  await allDone([
    start('api', 'src/server.ts', apiEnvironment(env, { port: apiPort, metricsPort }, addresses)),
    start('worker', 'src/worker.ts', workerEnvironment(env, workerPort, addresses, impact.credentials)),
  ]);
  return {
    apiUrl: `http://127.0.0.1:${apiPort}`,
    apiMetricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    workerMetricsUrl: `http://127.0.0.1:${workerPort}/metrics`,
    ...addresses,
    ...(temporal.uiUrl && { temporalUiUrl: temporal.uiUrl }),
  };
}

/** How long the children of a stack that was killed may take to end: what their guards allow, and a little. */
const KILLED_STACK_TIMEOUT_MS = 8_000;

/** Whoever starts again after a crash wants the same ports again. */
async function waitForKilledStack({ dataDir, env, say }: StackOptions): Promise<void> {
  const real = [env.MONGODB_URI, env.TEMPORAL_ADDRESS, env.AUTH_ISSUER, env.IMPACT_BASE_URL];
  const embedded = Object.values((await readStackInfo(dataDir)) ?? {}).filter((url) => !real.includes(url));
  const ports = embedded.flatMap((url) => /127\.0\.0\.1:(\d+)/.exec(url)?.[1] ?? []).map(Number);
  const areTaken = async () => (await Promise.all(ports.map(isListening))).includes(true);

  if (!(await areTaken())) return;
  say('waiting for the processes of the stack that was killed to end');
  const deadline = Date.now() + KILLED_STACK_TIMEOUT_MS;
  while (Date.now() < deadline && (await areTaken())) await delay(100);
}

function supervise(children: Child[], stopAll: () => Promise<void>) {
  let stopping = false;
  const crashed = new Promise<Error>((resolve) => {
    for (const child of children) {
      void child.exited.then((exit) => {
        if (!stopping) resolve(new Error(child.explain(exit)));
      });
    }
  });
  return {
    crashed,
    pidOf(name: string) {
      const child = children.find((each) => each.name === name);
      if (!child) throw new Error(`The stack has no process of its own called ${name}.`);
      return child.pid;
    },
    stop: () => {
      stopping = true;
      return stopAll();
    },
    kill: () => {
      stopping = true;
      for (const child of children) child.kill();
    },
  };
}
