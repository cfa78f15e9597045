import { Connection } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from '../src/domain/conversion-workflow.js';
import { findBinary } from './binaries/index.js';
import { type Child, startChild, untilReady } from './child.js';
import { freePort, isListening } from './ports.js';

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
  const child = await startChild({
    name: 'temporal',
    command,
    args: [
      ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(chosenPort), '--log-level', 'warn'],
      ...(uiPort === undefined ? ['--headless'] : ['--ui-port', String(uiPort), '--ui-disable-news-fetch']),
      ...(dbFile === undefined ? [] : ['--db-filename', dbFile]),
      ...Object.values(SEARCH_ATTRIBUTES).flatMap(({ name }) => ['--search-attribute', `${name}=Keyword`]),
    ],
    ...(logFile && { logFile }),
  });
  const address = `127.0.0.1:${chosenPort}`;
  await becomeReady(child, chosenPort);
  return {
    address,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    child,
    stop: () => child.stop(),
  };
}

async function becomeReady(child: Child, port: number): Promise<void> {
  await untilReady(child, () => isListening(port));
  const connection = Connection.lazy({ address: `127.0.0.1:${port}` });
  try {
    await untilReady(child, () =>
      connection.withDeadline(Date.now() + 2_000, () => answersQueries(connection)),
    );
  } finally {
    await connection.close();
  }
}

/** A query with every search attribute fails until the server knows them all. */
async function answersQueries(connection: Connection): Promise<boolean> {
  const query = Object.values(SEARCH_ATTRIBUTES)
    .map(({ name }) => `${name} = "x"`)
    .join(' AND ');
  await connection.workflowService.countWorkflowExecutions({ namespace: NAMESPACE, query });
  return true;
}
