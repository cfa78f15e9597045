import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../dev/ports.js';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS, TASK_QUEUES } from '../../src/domain/workflow-names.js';
import { labelsOn, namesOn, sampleOf } from '../support/metrics-page.js';
import { type Processes, startProcesses } from '../support/processes.js';
import { metricsIn, readExpressions } from './files.js';
import { startPrometheus } from './prometheus-server.js';

/** The processes are slow to respond on a busy machine. */
const PATIENCE = { timeout: 30_000, interval: 100 };

/** The API and the worker run as separate processes, as in production. */
let processes: Processes;
let apiUrl: string;
let apiMetricsUrl: string;
let workerMetricsUrl: string;
let directory: string;
let stopWorker: () => Promise<unknown>;
let stopService: () => Promise<unknown>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'affiliate-monitoring-'));
  processes = await startProcesses();
  const metricsPort = await freePort();
  const [api, worker] = await Promise.all([
    processes.startApi({ METRICS_PORT: String(metricsPort) }),
    processes.startWorker(),
  ]);
  apiUrl = api.url;
  apiMetricsUrl = `http://127.0.0.1:${metricsPort}/metrics`;
  workerMetricsUrl = `${worker.url}/metrics`;
  stopWorker = worker.stop;
  stopService = () => Promise.all([api.stop(), stopWorker()]);
}, 120_000);

afterAll(async () => {
  await stopService?.();
  await processes?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const ORDER = 'never-accepted';
const CONVERSION = `sale_subscription:${ORDER}`;
const status = () => processes.status(CONVERSION);

/** Publishes a sale that Impact refuses, so that the metrics appear that need a failure. */
async function makeTrouble(): Promise<void> {
  const body = { Status: 'ERROR', Message: 'Validation Failed' };
  await processes.sandbox.fault({ orderId: ORDER, kind: 'status', status: 400, body });
  const api = processes.callApi(apiUrl);
  const { body: user } = await api.me('buyer', 'click');
  const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4_900, currency: 'USD' };
  await api.publish({ ...sale, userId: user.userId, orderId: ORDER });
  await expect.poll(status, PATIENCE).toBe('parked');
}

async function audit(): Promise<void> {
  const results = { counts: {} as never, findingsByKind: {} as never, openDifferences: 0, money: [] };
  await processes.db.audits.create({
    _id: 'one',
    from: new Date(0),
    to: new Date(1),
    at: new Date(),
    ...results,
  });
}

/** Starts a workflow of a type that the worker does not have, so that its workflow tasks fail. */
async function failWorkflowTasks(): Promise<void> {
  const workflow = await processes.temporal.workflow.start('WorkflowOfAnotherVersion', {
    workflowId: 'broken',
    taskQueue: TASK_QUEUES.conversions,
  });
  const failures = async () => namesOn(await workerPage()).has('temporal_workflow_task_execution_failed');
  await expect.poll(failures, PATIENCE).toBe(true);
  await workflow.terminate('seen');
}

const read = async (url: string) => (await fetch(url)).text();
const workerPage = () => read(workerMetricsUrl);

describe('the running service', () => {
  it('has every metric and label that the alerts and the dashboard query', async () => {
    await makeTrouble();
    await audit();
    await failWorkflowTasks();
    const page = (await read(apiMetricsUrl)) + (await workerPage());
    const names = namesOn(page);
    const asked = (await readExpressions()).flatMap(metricsIn);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ name }) => !names.has(name))).toEqual([]);
    const unknown = asked.filter(({ name, labels }) => {
      const known = ['job', ...labelsOn(page, name)];
      return labels.some((label) => !known.includes(label));
    });
    expect(unknown).toEqual([]);
  }, 90_000);

  it('does not serve metrics on the public port', async () => {
    expect((await fetch(`${apiUrl}/metrics`)).status).toBe(404);
    expect(new URL(apiMetricsUrl).port).not.toBe(new URL(apiUrl).port);
  });

  it('is scraped by a real Prometheus: a parked conversion fires an alert, and a retry ends it', async () => {
    const hostOf = (url: string) => new URL(url).host;
    const prometheus = await startPrometheus(directory, {
      'affiliate-api': hostOf(apiMetricsUrl),
      'affiliate-worker': hostOf(workerMetricsUrl),
    });
    try {
      await expect
        .poll(() => prometheus.targets().catch(() => undefined), PATIENCE)
        .toEqual({ 'affiliate-api': 'up', 'affiliate-worker': 'up' });
      const parked = async () =>
        (await prometheus.alerts()).find(({ labels }) => labels.alertname === 'ParkedConversions');
      await expect.poll(async () => (await parked())?.state, PATIENCE).toBe('firing');
      expect(await parked()).toMatchObject({
        labels: { kind: 'conversion', reason: 'impact_refused', severity: 'warning' },
        annotations: { summary: '1 parked with impact_refused (conversion): waiting for a human' },
      });
      const down = async () =>
        (await prometheus.alerts()).filter(({ labels }) => labels.alertname?.endsWith('Down'));
      await expect.poll(down, PATIENCE).toEqual([]);

      await processes.sandbox.clearFaults();
      await processes.temporal.workflow.getHandle(workflowId(CONVERSION)).signal(SIGNALS.retry);
      await expect.poll(status, PATIENCE).not.toBe('parked');
      await expect.poll(parked, PATIENCE).toBeUndefined();
    } finally {
      await prometheus.stop();
    }
  }, 180_000);

  it('says on the page of a worker whether it has Impact credentials', async () => {
    const configured = async () => sampleOf(await workerPage(), 'affiliate_impact_configured');
    expect(await configured()).toBe(1);
    await stopWorker();
    const worker = await processes.startWorker({ IMPACT_ACCOUNT_SID: '', IMPACT_AUTH_TOKEN: '' });
    stopWorker = worker.stop;
    expect(await configured()).toBe(0);
    expect(await read(apiMetricsUrl)).not.toContain('affiliate_impact_configured');
  }, 60_000);
});
