import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Connection } from '@temporalio/client';
import { startChild, untilReady } from '../../dev/child.js';
import { neutralEnvironment } from '../../dev/environment.js';
import { freePorts, isListening } from '../../dev/ports.js';
import { PRODUCTION_CONFIG } from '../../dev/temporal.js';
import { setUpNamespace } from '../../dev/temporal-namespace.js';
import { findGoBinary } from './go-binary.js';
import { startPostgres } from './postgres.js';
import { childrenOf, cpuSecondsOf, cpuSecondsWithChildren } from './processes.js';

const run = promisify(execFile);

/** As in docker-compose.yml. */
const VERSION = '1.32.0';
const HISTORY_SHARDS = 512;
const USER = 'temporal';

interface Options {
  /** Such as `frontend.namespaceRPS=100`. */
  dynamicConfig?: readonly string[];
  historyShards?: number;
  say: (line: string) => void;
}

/**
 * Temporal's server with PostgreSQL, set up as in docker-compose.yml: its four services are one process, and visibility is
 * in PostgreSQL too. It has the namespace `default` with the project's search attributes.
 * @throws MissingProgram
 */
export async function startTemporalOnPostgres({ historyShards = HISTORY_SHARDS, ...options }: Options) {
  const { say, dynamicConfig = [] } = options;
  const [server, sqlTool] = await findPrograms(say);
  const postgres = await startPostgres(USER);
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-temporal-'));
  const configFile = join(directory, 'dynamic-config.yaml');
  await writeFile(configFile, toYaml([...PRODUCTION_CONFIG, ...dynamicConfig]));
  for (const database of ['temporal', 'visibility']) await createSchema(sqlTool, postgres.port, database);
  const ports = await freePorts(PORTS);
  const child = await startChild({
    name: 'temporal-server',
    command: server,
    args: ['--allow-no-auth', 'start'],
    env: {
      ...neutralEnvironment(process.env),
      ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, String(port)])),
      ...{ DB: 'postgres12', POSTGRES_SEEDS: '127.0.0.1', DB_PORT: String(postgres.port) },
      ...{ POSTGRES_USER: USER, NUM_HISTORY_SHARDS: String(historyShards) },
      ...{ BIND_ON_IP: '127.0.0.1', TEMPORAL_BROADCAST_ADDRESS: '127.0.0.1' },
      ...{ DYNAMIC_CONFIG_FILE_PATH: configFile, LOG_LEVEL: 'error' },
    },
  });
  const address = `127.0.0.1:${ports.FRONTEND_GRPC_PORT}`;
  await untilReady(child, () => isListening(ports.FRONTEND_GRPC_PORT));
  const connection = Connection.lazy({ address });
  await untilReady(child, () => setUpNamespace(connection, 'default').then(() => true));
  await connection.close();
  return {
    address,
    /** The server's, PostgreSQL's, and one for each connection to it. */
    pids: () => [child.pid, postgres.pid, ...childrenOf(postgres.pid)],
    /** PostgreSQL's included. */
    cpuSeconds: () => cpuSecondsOf(child.pid) + cpuSecondsWithChildren(postgres.pid),
    async stop() {
      await child.stop();
      await postgres.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

async function findPrograms(say: Options['say']): Promise<[server: string, sqlTool: string]> {
  const find = (name: string, path: string) =>
    findGoBinary({ name, goPackage: `go.temporal.io/server/cmd/${path}`, version: VERSION }, say);
  return [await find('temporal-server', 'server'), await find('temporal-sql-tool', 'tools/sql')];
}

/** The names under which the server's built-in configuration reads its ports. */
const PORTS = [
  'FRONTEND_GRPC_PORT',
  'FRONTEND_HTTP_PORT',
  'FRONTEND_MEMBERSHIP_PORT',
  'HISTORY_GRPC_PORT',
  'HISTORY_MEMBERSHIP_PORT',
  'MATCHING_GRPC_PORT',
  'MATCHING_MEMBERSHIP_PORT',
  'WORKER_GRPC_PORT',
  'WORKER_MEMBERSHIP_PORT',
] as const;

/** JSON, which is YAML too. */
function toYaml(settings: readonly string[]): string {
  const entries = settings.map((setting) => {
    const [name = '', ...value] = setting.split('=');
    return [name, [{ value: JSON.parse(value.join('=')) }]];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** The tool contains the schema of its own version. */
async function createSchema(sqlTool: string, port: number, name: string): Promise<void> {
  const database = name === 'temporal' ? name : `temporal_${name}`;
  const to = ['--plugin', 'postgres12', '--endpoint', '127.0.0.1', '--port', String(port), '--user', USER];
  const steps = [
    ['create-database'],
    ['setup-schema', '--version', '0.0'],
    ['update-schema', '--schema-name', `postgresql/v12/${name}`],
  ];
  for (const step of steps) await run(sqlTool, [...to, '--database', database, ...step]);
}
