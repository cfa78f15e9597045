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

const ID = 'sale_subscription:killed';

it('a parked conversion outlives its worker, gets a retry meanwhile, and is reported once', async () => {
  const { sandbox, temporal } = processes;
  const [apiProcess, worker] = await Promise.all([processes.startApi(), processes.startWorker()]);
  const api = processes.callApi(apiProcess.url);
  const { body: user } = await api.me('user_buyer', 'click');
  const body = { Status: 'ERROR', Message: 'Validation Failed' };
  await sandbox.fault({ kind: 'status', status: 400, body, orderId: 'killed' });
  const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4_900, currency: 'USD' };
  await api.publish({ ...sale, userId: user.userId, orderId: 'killed' });
  await until(async () => (await processes.status(ID)) === 'parked');

  await worker.kill();
  await forgetWorker();
  await temporal.workflow.getHandle(workflowId(ID)).signal(SIGNALS.retry);
  const next = await processes.startWorker();

  // Temporal gives a task that was on its way to the dead worker to the next one after 10 or 30 seconds.
  await until(async () => (await processes.status(ID)) === 'submitted', 120_000);
  expect(await sandbox.conversions('killed')).toHaveLength(1);
  await Promise.all([next.stop(), apiProcess.stop()]);
}, 240_000);

/** Temporal keeps a workflow's tasks for the worker that has it in its cache, and waits ten seconds for that worker. */
async function forgetWorker(): Promise<void> {
  const { workflowService, options } = processes.temporal;
  await workflowService.resetStickyTaskQueue({
    namespace: options.namespace,
    execution: { workflowId: workflowId(ID) },
  });
}
