import { Connection } from '@temporalio/client';
import { MAX_WORKFLOW_ID_BYTES } from '../src/domain/conversion.js';
import { SEARCH_ATTRIBUTES } from '../src/domain/workflow-names.js';
import { findBinary } from './binaries/index.js';
import { type Child, type ChildFiles, startChild, untilReady } from './child.js';
import { neutralEnvironment } from './environment.js';
import { freePort, isListening } from './ports.js';

/** Without `dbFile` the data is in memory; without `uiPort` there is no UI. */
type TemporalOptions = {
  dbFile?: string;
  port?: number;
  uiPort?: number;
  /** Such as `frontend.namespaceRPS=100`. */
  dynamicConfig?: readonly string[];
  say: (line: string) => void;
} & ChildFiles;

/** Temporal's development server, with the project's search attributes. */
export async function startTemporal({ dbFile, port, uiPort, dynamicConfig, say, ...files }: TemporalOptions) {
  const command = await findBinary('temporal', say);
  const chosenPort = port ?? (await freePort());
  const child = await startChild({
    name: 'temporal',
    command,
    args: temporalArgs(chosenPort, { uiPort, dbFile, dynamicConfig }),
    env: neutralEnvironment(process.env),
    ...files,
  });
  await untilAnswering(child, chosenPort);
  return {
    address: `127.0.0.1:${chosenPort}`,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    child,
    stop: () => child.stop(),
  };
}

/** As in docker-compose.yml, so that this server refuses what production's refuses. */
export const PRODUCTION_CONFIG = [`limit.maxIDLength=${MAX_WORKFLOW_ID_BYTES}`];

type Own = { [name in 'uiPort' | 'dbFile' | 'dynamicConfig']: TemporalOptions[name] | undefined };

function temporalArgs(port: number, { uiPort, dbFile, dynamicConfig = [] }: Own): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
    // By default the server lets a timer fire up to a second late, to fire several together.
    ...['history.timerProcessorMaxTimeShift="20ms"', ...PRODUCTION_CONFIG, ...dynamicConfig].flatMap(
      (value) => ['--dynamic-config-value', value],
    ),
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
    ...(dbFile === undefined ? [] : ['--db-filename', dbFile]),
    ...Object.values(SEARCH_ATTRIBUTES).flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

/** A query with every search attribute fails until the server knows them all. */
async function untilAnswering(child: Child, port: number): Promise<void> {
  await untilReady(child, () => isListening(port));
  const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  const names = Object.values(SEARCH_ATTRIBUTES).map(({ name }) => name);
  const query = names.map((name) => `${name} = "x"`).join(' AND ');
  const count = () => connection.workflowService.countWorkflowExecutions({ namespace: 'default', query });
  try {
    await untilReady(child, async () => Boolean(await connection.withDeadline(Date.now() + 2_000, count)));
  } finally {
    await connection.close();
  }
}
