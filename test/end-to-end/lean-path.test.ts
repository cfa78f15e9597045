import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { type Stack, startStack } from '../support/stack.js';

/** MongoDB's own profiler counts, so that no operation can hide. https://www.mongodb.com/docs/manual/tutorial/manage-the-database-profiler/ */
interface ProfiledOperation {
  ns: string;
  op: string;
  command: { autocommit?: boolean } & Record<string, unknown>;
}

const HOUR_MS = 3_600_000;

let stack: Stack;

beforeAll(async () => {
  // Neither the relay nor the repair takes part: both look for conversions older than this.
  stack = await startStack({
    worker: false,
    relay: { intervalMs: HOUR_MS, minimumAgeMs: HOUR_MS },
    watch: { endedIntervalMs: HOUR_MS, scanIntervalMs: HOUR_MS, minimumAgeMs: HOUR_MS },
  });
});
afterAll(() => stack.stop());

const database = () => stack.db.users.db.db ?? expect.fail('there is no connection');

async function profile(work: () => Promise<unknown>): Promise<ProfiledOperation[]> {
  await database().command({ profile: 2 });
  await work();
  await database().command({ profile: 0 });
  const profiled = database().collection<ProfiledOperation>('system.profile');
  const operations = await profiled.find({ ns: /\.(users|conversions)$/ }).toArray();
  await profiled.drop();
  return operations;
}

describe('an attributed signup that is reported', () => {
  it('costs 2 round trips to MongoDB within the request, besides begin and commit, and at most 4 ledger operations in the worker', async () => {
    let id = '';
    const request = await profile(async () => {
      const { body } = await stack.api.me('user_lean', 'click');
      id = `signup:${body.userId}`;
      const handle = stack.temporal.workflow.getHandle(workflowId(id));
      await expect.poll(() => handle.describe().then(() => 'started', String)).toBe('started');
    });
    expect(request.map(({ op, ns }) => `${op} ${ns.split('.')[1]}`)).toHaveLength(2);
    expect(request.filter(({ command }) => command.autocommit === false)).toHaveLength(2);

    const worker = await profile(async () => {
      await stack.startWorker();
      await stack.temporal.workflow.getHandle(workflowId(id)).result();
    });
    expect(await stack.conversion(id)).toMatchObject({ status: 'submitted' });
    const ofTheConversion = worker.filter(({ command }) => JSON.stringify(command).includes(id));
    expect(ofTheConversion.map(({ op }) => op).length).toBeLessThanOrEqual(4);
  });
});
