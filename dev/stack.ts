import { resolve } from 'node:path';
import { claimDataDir } from './data-dir.js';
import { apiEnvironment, DEVELOPMENT_USER_ID_KEY, workerEnvironment } from './environment.js';
import { isProblem, summaryOf } from './logs.js';
import { startService } from './service.js';
import { chooseStackPorts } from './stack-ports.js';
import {
  type Part,
  provideImpact,
  provideIssuer,
  provideMongo,
  provideTemporal,
  type SystemsOptions,
} from './systems.js';

export type StackOptions = {
  dataDir: string;
  env: NodeJS.ProcessEnv;
  say: (line: string) => void;
  /** Gets each log line of the API and the worker; by default, `say` gets the message of each problem. */
  onLog?: (name: string, line: string) => void;
};

export type Stack = Awaited<ReturnType<typeof startStack>>;

/** The API and the worker with everything around them, on one machine, from one directory of data. */
export async function startStack({ dataDir, env, say, onLog }: StackOptions) {
  const directory = await claimDataDir(dataDir, say);
  const systems: Part[] = [];
  const services: Part[] = [];
  const stop = async () => {
    // The services first: they need the systems while they finish.
    for (const parts of [services, systems]) await Promise.all(parts.map((part) => part.stop()));
    await directory.release();
  };
  try {
    const options = { directory, env, ports: await chooseStackPorts(env, say), say };
    const addresses = await startSystems({ ...options, started: systems });
    const logs = onLog ?? ((name, line) => void (isProblem(line) && say(`${name}: ${summaryOf(line)}`)));
    const urls = await startServices({ ...options, started: services }, addresses, logs);
    await directory.publish(urls);
    const children = [...systems, ...services].flatMap(({ child }) => child ?? []);
    return {
      urls,
      /** The process id by name, for tests that kill one on purpose. */
      pidOf(name: string): number {
        const child = children.find((each) => each.name === name);
        if (!child) throw new Error(`The stack has no process of its own called ${name}.`);
        return child.pid;
      },
      /** Resolves once a process has ended, with an error that says which, and why. */
      crashed: Promise.race(children.map(async (child) => new Error(child.explain(await child.exited)))),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Systems = Awaited<ReturnType<typeof startSystems>>;

async function startSystems(options: SystemsOptions) {
  options.say('starting MongoDB, Temporal, the token issuer and the Impact sandbox');
  const [mongoUri, temporal, issuerUrl, impact] = await allDone([
    provideMongo(options),
    provideTemporal(options),
    provideIssuer(options),
    provideImpact(options),
  ]);
  return {
    mongoUri,
    temporalAddress: temporal.address,
    ...(temporal.uiUrl && { temporalUiUrl: temporal.uiUrl }),
    issuerUrl,
    impactUrl: impact.url,
    credentials: impact.credentials,
  };
}

async function startServices(
  options: SystemsOptions,
  { credentials, ...addresses }: Systems,
  onLog: NonNullable<StackOptions['onLog']>,
) {
  const { directory, env, ports, say, started } = options;
  say('starting the API and the worker');
  const { API: port, 'API metrics': metricsPort, worker: workerPort } = ports;
  const start = async (name: string, entry: string, own: NodeJS.ProcessEnv) => {
    const onLine = (line: string) => onLog(name, line);
    started.push(await startService({ name, entry, env: own, onLine, ...directory.filesOf(name) }));
  };
  const ofApi = apiEnvironment(env, { port, metricsPort }, addresses);
  await allDone([
    start('api', 'src/server.ts', ofApi),
    start('worker', 'src/worker.ts', workerEnvironment(env, workerPort, addresses, credentials)),
  ]);
  return {
    apiUrl: `http://127.0.0.1:${port}`,
    apiMetricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    workerMetricsUrl: `http://127.0.0.1:${workerPort}/metrics`,
    ...(ofApi.CONSOLE_URL && { consoleUrl: `${ofApi.CONSOLE_URL}/console` }),
    ...addresses,
    ...(env.PROGRAMME_FILE ? { programmeFile: resolve(env.PROGRAMME_FILE) } : {}),
    ...(ofApi.USER_ID_KEY === DEVELOPMENT_USER_ID_KEY ? { userIdKey: DEVELOPMENT_USER_ID_KEY } : {}),
  };
}

/** Promise.all, but it rejects only once all have settled: by then the caller can stop everything that has started. */
async function allDone<T extends readonly Promise<unknown>[] | []>(promises: T) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
