import { afterAll, beforeAll, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { type Processes, startProcesses } from '../support/processes.js';
import { until } from '../support/until.js';

let processes: Processes;

beforeAll(async () => {
  processes = await startProcesses();
});
afterAll(() => processes.stop());

it('a conversion that is parked outlives its worker, hears of a retry meanwhile, and is reported once', async () => {
  const { sandbox, temporal } = processes;
  const apiProcess = await processes.startApi();
  const worker = await processes.startWorker();
  const api = processes.callApi(apiProcess.url);
  const { body: user } = await api.me('user_buyer', 'click');
  const body = { Status: 'ERROR', Message: 'Validation Failed' };
  await sandbox.fault({ kind: 'status', status: 400, body, orderId: 'killed' });
  const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4_900, currency: 'USD' };
  await api.publish({ ...sale, userId: user.userId, orderId: 'killed' });
  const id = 'sale_subscription:killed';
  await until(async () => (await processes.status(id)) === 'parked');

  await worker.kill();
  await temporal.workflow.getHandle(workflowId(id)).signal(SIGNALS.retry);
  const next = await processes.startWorker();

  // A task that was on its way to the worker that died is given out again when its time is up: 10 s, and 30 s.
  await until(async () => (await processes.status(id)) === 'submitted', 120_000);
  expect(await sandbox.conversions('killed')).toHaveLength(1);
  await Promise.all([next.stop(), apiProcess.stop()]);
}, 240_000);
