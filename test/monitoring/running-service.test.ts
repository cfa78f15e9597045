import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pathsIn } from '../../dev/data-dir.js';
import { createSandboxCaller } from '../../dev/impact-sandbox/caller.js';
import { loadIssuerKey } from '../../dev/issuer-key.js';
import { signMachineToken, signSessionToken } from '../../dev/sign-token.js';
import { type Stack, startStack } from '../../dev/stack.js';
import { FINDING_KINDS, type FindingKind } from '../../src/domain/audit.js';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS, TASK_QUEUES } from '../../src/domain/workflow-names.js';
import { type Database, openDatabase } from '../../src/mongo.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { createApiCaller } from '../support/api-caller.js';
import { labelsOn, namesOn } from '../support/metrics-page.js';
import { freshMongoUri } from '../support/mongo.js';
import { createNamespace } from '../support/temporal.js';
import { metricsIn, readExpressions } from './files.js';
import { startPrometheus } from './prometheus-server.js';

/** The stack's processes are slow to respond on a busy machine. */
const PATIENCE = { timeout: 30_000, interval: 100 };

/** The API and the worker run as separate processes, as in production. */
let stack: Stack;
let directory: string;
let db: Database;
let temporal: ReturnType<typeof createTemporalClient>;
let api: ReturnType<typeof createApiCaller>;
let sandbox: ReturnType<typeof createSandboxCaller>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'affiliate-monitoring-'));
  const mongoUri = freshMongoUri();
  const { address, namespace } = await createNamespace();
  const env = {
    ...process.env,
    PORT: '0',
    MONGODB_URI: mongoUri,
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
  };
  stack = await startStack({ dataDir: directory, env, say: () => undefined });
  const { apiUrl, issuerUrl, impactUrl } = stack.urls;
  db = await openDatabase(mongoUri);
  temporal = createTemporalClient({ connectionOptions: { address }, namespace });
  const key = await loadIssuerKey(pathsIn(directory).issuerKey);
  api = createApiCaller(apiUrl, {
    session: (clerkId) => signSessionToken(key, { issuerUrl, clerkId }),
    machine: (scope) => signMachineToken(key, { issuerUrl, scope }),
  });
  sandbox = createSandboxCaller(impactUrl);
}, 120_000);

afterAll(async () => {
  await db?.close();
  await temporal?.connection.close();
  await stack?.stop();
  await rm(directory, { recursive: true, force: true });
}, 60_000);

const ORDER = 'never-accepted';
const CONVERSION = `sale_subscription:${ORDER}`;
const status = async () => (await db.conversions.findById(CONVERSION).lean())?.status;

/** Publishes a sale that Impact refuses, so that the metrics appear that need a failure. */
async function makeTrouble(): Promise<void> {
  const body = { Status: 'ERROR', Message: 'Validation Failed' };
  await sandbox.fault({ orderId: ORDER, kind: 'status', status: 400, body });
  const { body: user } = await api.me('buyer', 'click');
  const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4_900, currency: 'USD' };
  await api.publish({ ...sale, userId: user.userId, orderId: ORDER });
  await expect.poll(status, PATIENCE).toBe('parked');
}

async function audit(): Promise<void> {
  const findingsByKind = Object.fromEntries(FINDING_KINDS.map((kind) => [kind, 0])) as Record<
    FindingKind,
    number
  >;
  const results = { counts: {} as never, findingsByKind, findingsTotal: 0, findings: [] };
  await db.audits.create({ _id: 'one', from: new Date(0), to: new Date(1), at: new Date(), ...results });
}

/** Starts a workflow of a type that the worker does not have, so that its workflow tasks fail. */
async function failWorkflowTasks(): Promise<void> {
  const workflow = await temporal.workflow.start('WorkflowOfAnotherVersion', {
    workflowId: 'broken',
    taskQueue: TASK_QUEUES.conversions,
  });
  const failures = async () => namesOn(await workerPage()).has('temporal_workflow_task_execution_failed');
  await expect.poll(failures, PATIENCE).toBe(true);
  await workflow.terminate('seen');
}

const read = async (url: string) => (await fetch(url)).text();
const workerPage = () => read(stack.urls.workerMetricsUrl);

describe('the running service', () => {
  it('has every metric and label that the alerts and the dashboard query', async () => {
    await makeTrouble();
    await audit();
    await failWorkflowTasks();
    const page = (await read(stack.urls.apiMetricsUrl)) + (await workerPage());
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
    expect((await fetch(`${stack.urls.apiUrl}/metrics`)).status).toBe(404);
    expect(new URL(stack.urls.apiMetricsUrl).port).not.toBe(new URL(stack.urls.apiUrl).port);
  });

  it('is scraped by a real Prometheus: a parked conversion fires an alert, and a retry ends it', async () => {
    const hostOf = (url: string) => new URL(url).host;
    const prometheus = await startPrometheus(directory, {
      'affiliate-api': hostOf(stack.urls.apiMetricsUrl),
      'affiliate-worker': hostOf(stack.urls.workerMetricsUrl),
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

      await sandbox.clearFaults();
      await temporal.workflow.getHandle(workflowId(CONVERSION)).signal(SIGNALS.retry);
      await expect.poll(status, PATIENCE).not.toBe('parked');
      await expect.poll(parked, PATIENCE).toBeUndefined();
    } finally {
      await prometheus.stop();
    }
  }, 180_000);
});
