import { afterAll, beforeAll, expect, it } from 'vitest';
import { runScript } from '../docs/run-script.js';
import { insertPending } from '../support/pending-conversion.js';
import { type Processes, startProcesses } from '../support/processes.js';
import { runInShell } from '../support/shell.js';
import { createNamespace, type TestNamespace } from '../support/temporal.js';

let processes: Processes;
let bare: TestNamespace;

beforeAll(async () => {
  bare = await createNamespace({});
  processes = await startProcesses({ TEMPORAL_NAMESPACE: bare.namespace });
});
afterAll(() => processes.stop());

const LACKS = 'lacks the search attributes ConversionStatus, CampaignEvent, AffiliateUserId, ParkReason';

async function linesWith(code: string) {
  const lines = (await processes.lines('worker')).map((line) => JSON.parse(line));
  return lines.filter((line) => line.code === code);
}

it('a worker of a namespace without search attributes names them and the command, and works once it was run', {
  timeout: 120_000,
}, async () => {
  const { _id, payload } = await insertPending(processes.db, { createdAt: new Date(0) });
  const starting = processes.startWorker();
  const readyz = async () =>
    (await (await fetch(`${processes.workerUrl}/readyz`)).json()) as { ready: boolean; reason: string };
  const patience = { timeout: 60_000 };
  await expect.poll(() => readyz().catch(String), patience).toMatchObject({ ready: false });
  const { reason } = await readyz();
  expect(reason).toContain(LACKS);
  expect(await linesWith('search_attributes_missing')).toMatchObject([{ level: 50, msg: reason }]);

  await expect.poll(() => linesWith('relay_failed'), patience).not.toEqual([]);
  const [failed] = await linesWith('relay_failed');
  expect(failed.err.message).toMatch(
    /^Failed to start Workflow: 3 INVALID_ARGUMENT: .* no mapping defined for search attribute/,
  );
  expect(failed.err).not.toHaveProperty('stack');
  expect(await processes.status(_id)).toBe('pending');

  const environment = { MONGODB_URI: processes.mongoUri, TEMPORAL_ADDRESS: bare.address };
  const shell = { environment: { ...environment, TEMPORAL_NAMESPACE: bare.namespace } };
  expect((await runInShell(['status'], shell)).stdout).toContain(reason);

  const [, command = ''] = reason.split('Run: ');
  expect(await runScript(command, environment)).toMatchObject({ exitCode: 0 });
  const worker = await starting;
  await expect.poll(() => processes.status(_id), patience).toBe('submitted');
  expect(await processes.sandbox.conversions(String(payload.orderId))).toHaveLength(1);
  await worker.stop();
});
