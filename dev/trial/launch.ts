import { join } from 'node:path';
import type { Child } from '../child.js';
import type { DataDir } from '../data-dir.js';
import {
  apiEnvironment,
  LOCAL_MACHINE_SCOPES,
  neutralEnvironment,
  workerEnvironment,
} from '../environment.js';
import { startMongod } from '../mongod.js';
import { startSandboxProcess } from '../sandbox-process.js';
import { startService } from '../service.js';
import { startTemporal } from '../temporal.js';
import type { Link } from './link.js';
import type { LinkName, ProcessName } from './names.js';

interface Launch {
  directory: DataDir;
  /** Of the sandbox. */
  journal: string;
  ports: Record<ProcessName | 'metrics', number>;
  links: Record<LinkName, Link>;
  issuerUrl: string;
  /** Environment of the worker, in addition to the addresses. */
  workerSettings: Record<string, string>;
  /** By default the built-in programme. */
  programmeFile?: string | undefined;
  /** Of Temporal. */
  dynamicConfig: readonly string[];
  /** Where the build lies that a process runs. */
  builds: ReadonlyMap<ProcessName, string>;
}

export const PROJECT = join(import.meta.dirname, '..', '..');
const ACCOUNT = { accountSid: 'IRtrial', authToken: 'trial-token' };
const say = () => undefined;

/** How each process starts: always on the same port and the same data. */
export function createLaunchers(launch: Launch): Record<ProcessName, () => Promise<Child>> {
  const { directory, journal, ports, links, issuerUrl, dynamicConfig, builds, programmeFile } = launch;
  const environment = {
    ...neutralEnvironment(process.env),
    ...(programmeFile && { PROGRAMME_FILE: programmeFile }),
  };
  const addresses = (from: 'api' | 'worker') => ({
    mongoUri: mongoUriOf(links[`${from}→mongod`].port),
    temporalAddress: `127.0.0.1:${links[`${from}→temporal`].port}`,
    issuerUrl,
    impactUrl: `http://127.0.0.1:${links['worker→impact'].port}`,
  });
  const service = async (name: ProcessName, entry: string, env: NodeJS.ProcessEnv) => {
    const path = join(String(builds.get(name)), 'dist', 'src', entry);
    return (await startService({ name, entry: path, env, ...directory.filesOf(name) })).child;
  };
  const worker = (name: 'worker-1' | 'worker-2') => () => {
    const env = { ...environment, ...launch.workerSettings };
    return service(name, 'worker.js', workerEnvironment(env, ports[name], addresses('worker'), ACCOUNT));
  };
  return {
    mongod: async () => {
      const own = { dbPath: directory.mongod, port: ports.mongod, ...directory.filesOf('mongod') };
      return (await startMongod({ ...own, say })).child;
    },
    temporal: async () => {
      const own = { dbFile: directory.temporalDb, port: ports.temporal, ...directory.filesOf('temporal') };
      return (await startTemporal({ ...own, dynamicConfig, say })).child;
    },
    impact: () =>
      startSandboxProcess({ ...ACCOUNT, port: ports.impact, journal, ...directory.filesOf('impact') }),
    api: () => {
      const jwksUrl = `http://127.0.0.1:${links['api→issuer'].port}/.well-known/jwks.json`;
      // A client here repeats its first request for as long as an outage lasts, where a browser gives up.
      const own = {
        AUTH_ISSUER: issuerUrl,
        AUTH_JWKS_URL: jwksUrl,
        MACHINE_SCOPES: LOCAL_MACHINE_SCOPES,
        SIGNUP_ATTRIBUTION_GRACE: '3600',
      };
      const where = { port: ports.api, metricsPort: ports.metrics };
      return service('api', 'server.js', apiEnvironment({ ...environment, ...own }, where, addresses('api')));
    },
    'worker-1': worker('worker-1'),
    'worker-2': worker('worker-2'),
  };
}

/** Not by the members that mongod names, which would lead around a link. */
export function mongoUriOf(port: number): string {
  return `mongodb://127.0.0.1:${port}/affiliate?directConnection=true`;
}
