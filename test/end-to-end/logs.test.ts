import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { TASK_QUEUES, WORKFLOW_TYPE } from '../../src/domain/workflow-names.js';
import { type Processes, startProcesses } from '../support/processes.js';

const RETRIED = 'sale_subscription:Log-Retried';
const PARKED = 'sale_subscription:Log-Parked';
const BROKEN = 'sale_subscription:Log-Broken';

interface Line {
  msg: string;
  conversionId?: unknown;
  level: number;
  runId?: string;
  sdkComponent?: string;
  packages?: string[];
  err?: { message: string };
}

let processes: Processes;
let text: string;
let api: Line[];
let worker: Line[];
let signup: string;

beforeAll(async () => {
  processes = await startProcesses();
  const [apiProcess, workerProcess] = await Promise.all([processes.startApi(), processes.startWorker()]);
  await haveThingsToSay(apiProcess.url);
  await Promise.all([apiProcess.stop(), workerProcess.stop()]);
  const lines = { api: await processes.lines('api'), worker: await processes.lines('worker') };
  text = [...lines.api, ...lines.worker].join('\n');
  api = lines.api.map((line) => JSON.parse(line));
  worker = lines.worker.map((line) => JSON.parse(line));
}, 120_000);
afterAll(() => processes.stop());

/** Causes a signup, a sale that is retried, one that is refused, and a workflow task that fails. Impact echoes requests. */
async function haveThingsToSay(apiUrl: string): Promise<void> {
  const { sandbox, temporal } = processes;
  const caller = processes.callApi(apiUrl);
  const { body: user } = await caller.me('user_logs', 'click');
  signup = `signup:${user.userId}`;
  await sandbox.fault({ orderId: 'Log-Retried', kind: 'status', status: 503, times: 1, body: echo() });
  await sandbox.fault({ orderId: 'Log-Parked', kind: 'status', status: 400, body: echo() });
  for (const orderId of ['Log-Retried', 'Log-Parked']) {
    const sale = { orderId, totalAmountCents: 4900, currency: 'USD' };
    await caller.publish({ campaignEventId: 'sale_subscription', userId: user.userId, ...sale });
  }
  await caller.conversion(PARKED);
  // Without its argument it runs into a TypeError: a bug, which fails the task and not the workflow.
  await temporal.workflow.start(WORKFLOW_TYPE, {
    workflowId: workflowId(BROKEN),
    taskQueue: TASK_QUEUES.conversions,
  });
  const events = async () =>
    (await temporal.workflow.getHandle(workflowId(BROKEN)).fetchHistory()).events ?? [];
  await vi.waitFor(
    async () => {
      expect(await Promise.all([signup, RETRIED, PARKED].map(processes.status))).toEqual([
        'submitted',
        'submitted',
        'parked',
      ]);
      expect(await events()).toContainEqual(
        expect.objectContaining({ workflowTaskFailedEventAttributes: expect.anything() }),
      );
    },
    { timeout: 60_000, interval: 100 },
  );
}

function echo() {
  const { accountSid, authToken } = processes.credentials;
  const basic = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
  return {
    Status: 'ERROR',
    Message: `No: ${authToken}; Authorization: Basic ${basic}`,
    Errors: [{ Field: 'Token', Message: `Basic ${basic}` }],
  };
}

describe('the log', () => {
  it('names the conversion in each line that has anything to do with it', () => {
    for (const id of [signup, RETRIED, PARKED, BROKEN]) {
      const key = id.slice(id.indexOf(':') + 1);
      const about = [...api, ...worker].filter((line) => JSON.stringify(line).includes(key));
      // A user's id is the key of the signup, and sales are the user's too.
      const strays = about.filter(({ conversionId, msg }) => conversionId !== id && !msg.includes(key));
      expect(strays).toEqual([]);
      expect(about.length).toBeGreaterThan(0);
    }
  });

  it('names it in the lines of the API', () => {
    expect(linesOf(api, signup)).toContain('request completed');
    expect(linesOf(api, PARKED).filter((msg) => msg === 'request completed')).toHaveLength(2);
  });

  it('names it in the lines of activities and workflows, and in those of the SDK about them', () => {
    expect(linesOf(worker, signup)).toContain('conversion reported');
    expect(linesOf(worker, RETRIED)).toContain('Activity failed');
    expect(linesOf(worker, PARKED)).toContain('conversion step');
  });

  it('names it in the lines about a workflow task that failed, also in those of the native core', () => {
    const failures = worker.filter(({ conversionId, level }) => conversionId === BROKEN && level >= 40);
    expect(new Set(failures.map(({ sdkComponent }) => sdkComponent))).toEqual(new Set(['worker', 'core']));
    const unnamed = worker.filter(({ conversionId, runId }) => runId && !conversionId);
    expect(unnamed).toEqual([]);
  });

  it('has the answer of Impact, without the secrets in it', () => {
    const failures = worker.filter(({ msg }) => msg === 'Activity failed').map(({ err }) => err?.message);
    expect(failures).toContainEqual(expect.stringContaining('No: [redacted]'));
    expect(text).not.toContain(processes.credentials.authToken);
    expect(text).not.toMatch(/Basic (?!\[redacted\])|Bearer (?!\[redacted\])|eyJ/);
  });
});

describe('tracing that is off', () => {
  it('loads nothing of OpenTelemetry but the types that prom-client brings along', () => {
    const loaded = [...api, ...worker]
      .filter(({ msg }) => msg === 'loaded')
      .map(({ packages }) => packages?.filter((name) => name.startsWith('@opentelemetry/')));
    expect(loaded).toEqual([['@opentelemetry/api'], ['@opentelemetry/api']]);
  });

  it('leaves no trace of one in the ledger', async () => {
    expect(await processes.db.conversions.findById(signup).lean()).not.toHaveProperty('traceparent');
  });
});

function linesOf(lines: Line[], id: string): string[] {
  return lines.filter(({ conversionId }) => conversionId === id).map(({ msg }) => msg);
}
