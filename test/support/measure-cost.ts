import { expect } from 'vitest';
import { type Conversion, workflowId } from '../../src/domain/conversion.js';
import { SEARCH_ATTRIBUTES } from '../../src/domain/workflow-names.js';
import type { CostPath, Until } from './cost-paths.js';
import { countActions } from './count-actions.js';
import type { Stack } from './stack.js';

/** What one path costs. Each figure is a sum over the workflow's runs. */
export interface Cost {
  /** That Temporal Cloud would bill. */
  actions: number;
  events: number;
  historyBytes: number;
  /** Round trips to MongoDB of the API, within its requests and after their answers. */
  apiOperations: number;
  workerOperations: number;
  impactRequests: number;
}

/** The worker's connection has this name, so that MongoDB's profile tells it from the API's. */
export const WORKER_APP = 'worker';

/** Neither the relay nor the repair takes part: both look for conversions older than this. */
const HOUR_MS = 3_600_000;
export const WITHOUT_RELAY = {
  relay: { intervalMs: HOUR_MS, minimumAgeMs: HOUR_MS },
  watch: { endedIntervalMs: HOUR_MS, scanIntervalMs: HOUR_MS, minimumAgeMs: HOUR_MS },
};

export async function measureCost(stack: Stack, path: CostPath): Promise<Cost> {
  await path.prepare?.(stack);
  const requestsBefore = (await stack.sandbox.requests()).length;
  const runs: Run[] = [];
  let id: string | undefined;
  const operations = await profile(stack, async () => {
    id = await path.run(stack, untilOf(stack, runs));
    await stack.untilWoken();
  });
  const conversion = id === undefined ? null : await stack.conversion(id);
  expect(conversion?.status).toBe(path.endsAs);
  return {
    actions: sum(runs.map(({ actions }) => actions)),
    events: sum(runs.map(({ events }) => events)),
    historyBytes: roundToHundreds(sum(runs.map(({ historyBytes }) => historyBytes))),
    apiOperations: roundTrips(operations.filter(({ appName }) => appName !== WORKER_APP)),
    workerOperations: roundTrips(ofWorker(operations, conversion)),
    impactRequests: (await stack.sandbox.requests()).length - requestsBefore,
  };
}

/** Without those of the worker's rounds, which name neither the conversion nor its user. */
function ofWorker(operations: Operation[], conversion: Conversion | null): Operation[] {
  const names = conversion ? [conversion._id, conversion.userId] : [];
  return operations.filter(({ appName, command }) => {
    const text = JSON.stringify(command);
    return appName === WORKER_APP && names.some((name) => text.includes(name));
  });
}

type Run = Pick<Cost, 'actions' | 'events' | 'historyBytes'> & { runId: string };

function untilOf(stack: Stack, runs: Run[]): Until {
  const handleOf = (id: string) => stack.temporal.workflow.getHandle(workflowId(id));
  const describe = (id: string) =>
    handleOf(id)
      .describe()
      .catch(() => undefined);
  return {
    async parked(id) {
      const status = async () =>
        (await describe(id))?.typedSearchAttributes.get(SEARCH_ATTRIBUTES.conversionStatus);
      await expect.poll(status).toBe('Parked');
    },
    async ended(id) {
      const isAnotherEnd = async () => {
        const found = await describe(id);
        return found?.status.name === 'COMPLETED' && !runs.some(({ runId }) => runId === found.runId);
      };
      await expect.poll(isAnotherEnd).toBe(true);
      const { runId, historySize } = await handleOf(id).describe();
      const history = await handleOf(id).fetchHistory();
      const events = history.events?.length ?? 0;
      runs.push({ runId, actions: countActions(history), events, historyBytes: historySize ?? 0 });
    },
  };
}

/** MongoDB's own profiler counts, so that no operation can hide. https://www.mongodb.com/docs/manual/tutorial/manage-the-database-profiler/ */
interface Operation {
  appName?: string;
  command: { autocommit?: boolean; lsid?: unknown; txnNumber?: unknown };
}

async function profile(stack: Stack, work: () => Promise<unknown>): Promise<Operation[]> {
  const database = stack.db.users.db.db ?? expect.fail('there is no connection');
  const profiled = database.collection<Operation>('system.profile');
  await database.command({ profile: 2 });
  await work();
  await database.command({ profile: 0 });
  const operations = await profiled.find({ ns: /\.(users|conversions)$/ }).toArray();
  await profiled.drop();
  return operations;
}

/** The profile is of one database, and the commit of a transaction is a command to another: one for each transaction. */
function roundTrips(operations: Operation[]): number {
  const inTransactions = operations.filter(({ command }) => command.autocommit === false);
  const transactions = inTransactions.map(({ command }) => JSON.stringify([command.lsid, command.txnNumber]));
  return operations.length + new Set(transactions).size;
}

/** Times, and the names of machines and processes, are of different lengths. */
function roundToHundreds(bytes: number): number {
  return Math.round(bytes / 100) * 100;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
