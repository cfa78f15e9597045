import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../src/domain/workflow-names.js';
import { findBinary } from './binaries/index.js';
import { type Child, type ChildOptions, startChild, untilReady } from './child.js';
import { neutralEnvironment } from './environment.js';
import { freePort, isListening } from './ports.js';
import { retryWhileInUse } from './retry-while-in-use.js';

export type TemporalOptions = {
  /** Kept in memory, unless said. */
  dbFile?: string;
  port?: number;
  /** No UI, unless said. */
  uiPort?: number;
  logFile?: string;
  say: (line: string) => void;
};

const NAMESPACE = 'default';

/** Temporal's development server, which knows the project's search attributes. */
export async function startTemporal({ dbFile, port, uiPort, logFile, say }: TemporalOptions) {
  const command = await findBinary('temporal', say);
  const chosenPort = port ?? (await freePort());
  const options: ChildOptions = {
    name: 'temporal',
    command,
    args: temporalArgs(chosenPort, uiPort, dbFile),
    env: neutralEnvironment(process.env),
    ...(logFile && { logFile }),
  };
  const child = await retryWhileInUse(() => startAnswering(options, chosenPort), {
    sign: /SQLITE_BUSY/,
    onWait: () => say(`temporal: waiting for the previous one to let go of ${dbFile}`),
  });
  return {
    address: `127.0.0.1:${chosenPort}`,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    child,
    stop: () => child.stop(),
  };
}

function temporalArgs(port: number, uiPort?: number, dbFile?: string): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'warn'],
    ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
    ...(dbFile === undefined ? [] : ['--db-filename', dbFile]),
    ...Object.values(SEARCH_ATTRIBUTES).flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`]),
  ];
}

async function startAnswering(options: ChildOptions, port: number): Promise<Child> {
  const child = await startChild(options);
  await untilReady(child, () => isListening(port));
  const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  try {
    await untilReady(child, () =>
      connection.withDeadline(Date.now() + 2_000, () => answersQueries(connection)),
    );
  } finally {
    await connection.close();
  }
  return child;
}

/** A query with every search attribute fails until the server knows them all. */
async function answersQueries(connection: Connection): Promise<boolean> {
  const query = Object.values(SEARCH_ATTRIBUTES)
    .map(({ name }) => `${name} = "x"`)
    .join(' AND ');
  await connection.workflowService.countWorkflowExecutions({ namespace: NAMESPACE, query });
  return true;
}
