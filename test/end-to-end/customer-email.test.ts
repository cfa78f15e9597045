import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import type { ApiAnswer } from '../support/api-caller.js';
import { startCollector } from '../support/collector.js';
import { legible } from '../support/legible.js';
import { type Processes, startProcesses } from '../support/processes.js';
import { until } from '../support/until.js';

const ADDRESS = ' Kim.Private@Example.COM\t';
/** Any part of it, in any case, also where it was encoded for a URL. */
const TRACE_OF_IT = /kim\.?private|private(@|%40|\\u0040)|@example|example\.com/i;
const CLERK_ID = 'user_private';
const CLICK = 'PrivateClick-7f3a';
const HASH = createHash('sha1').update('kim.private@example.com').digest('hex');

let processes: Processes;
let collector: Awaited<ReturnType<typeof startCollector>>;
let ids: string[];
const answers: ApiAnswer[] = [];

beforeAll(async () => {
  collector = await startCollector();
  processes = await startProcesses({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint, LOG_LEVEL: 'trace' });
  const api = await processes.startApi();
  ids = await publishWithAddress(api.url);
  const worker = await processes.startWorker();
  const isDone = async (id: string) => /submitted|parked|skipped/.test((await processes.status(id)) ?? '');
  for (const id of ids) await until(() => isDone(id), 60_000);
  await Promise.all([api.stop(), worker.stop()]);
}, 120_000);
afterAll(async () => {
  await processes.stop();
  await collector.stop();
});

/**
 * Before the worker starts, so that the signup takes the address. One sale is refused by Impact, one has no user, and the
 * API refuses the others.
 */
async function publishWithAddress(apiUrl: string): Promise<string[]> {
  const api = processes.callApi(apiUrl);
  const clerkId = CLERK_ID;
  await api.me(clerkId, CLICK);
  const body = { Status: 'ERROR', Message: `The click ${CLICK} of ${HASH} is unknown` };
  await processes.sandbox.fault({ orderId: 'private-refused', kind: 'status', status: 400, body });
  const sale = (orderId: string) => ({
    campaignEventId: 'sale_subscription',
    orderId,
    totalAmountCents: 4_900,
    currency: 'USD',
    clerkId,
    customerEmail: ADDRESS,
  });
  const taken = [
    { campaignEventId: 'signup', clerkId, customerEmail: ADDRESS },
    sale('private'),
    sale('private-refused'),
    { ...sale('private-held'), clerkId: 'user_unknown' },
  ];
  const refused = [
    { ...sale('private'), customerEmail: `other.${ADDRESS.trim()}` },
    { ...sale('private-1'), customerEmail: `${ADDRESS} ${ADDRESS}` },
    { ...sale('private-2'), customerEmail: [ADDRESS] },
    { ...sale('private-3'), totalAmountCents: -1 },
    { ...sale('private-4'), userId: '65f000000000000000000001' },
  ];
  const published = [];
  for (const event of taken) published.push(await api.publish(event));
  expect(published.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  for (const event of refused) answers.push(await api.publish(event), await api.dryRun(event));
  answers.push(...published, await api.dryRun(sale('private-dry')));
  return published.map(({ body: { conversionId } }) => conversionId);
}

/** A held one has no workflow. */
const startedIds = () => ids.filter((id) => !id.endsWith('private-held'));

/** As text. */
async function historyOf(id: string): Promise<string> {
  return legible(await processes.temporal.workflow.getHandle(workflowId(id)).fetchHistory());
}

it("Temporal's histories have nothing that an erasure would have to remove, although Impact repeats it", async () => {
  const histories = await Promise.all(startedIds().map(historyOf));
  expect(histories.join()).toContain('Impact refused the request');
  for (const personal of [HASH, CLERK_ID, CLICK, CLICK.slice(0, 6)])
    expect(histories.join()).not.toContain(personal);
});

describe('the plain e-mail address of a customer', () => {
  it('is nowhere in MongoDB, which has its hash', async () => {
    const { db } = processes.db.conversions.db;
    const collections = (await db?.collections()) ?? [];
    const documents = await Promise.all(collections.map((collection) => collection.find().toArray()));
    const text = JSON.stringify(documents);
    expect(text).not.toMatch(TRACE_OF_IT);
    for (const id of ids)
      expect((await processes.db.conversions.findById(id).lean())?.payload.customerEmail).toBe(HASH);
  });

  it('is not sent to Impact, which gets the hash', async () => {
    const sent = await processes.sandbox.conversions();
    expect(sent.map(({ fields }) => fields.CustomerEmail)).toEqual([HASH, HASH]);
    expect(JSON.stringify(sent)).not.toMatch(TRACE_OF_IT);
  });

  it('is in no line of a log', async () => {
    const lines = [...(await processes.lines('api')), ...(await processes.lines('worker'))];
    expect(lines.join('\n')).toContain('private-refused');
    expect(lines.filter((line) => TRACE_OF_IT.test(line))).toEqual([]);
  });

  it('is in no span', () => {
    expect(collector.spans.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['POST /v1/conversions', 'POST Conversions']),
    );
    expect(collector.bodies.filter((body) => TRACE_OF_IT.test(body))).toEqual([]);
  });

  it("is in no workflow's history", async () => {
    for (const id of startedIds()) {
      const text = await historyOf(id);
      expect(text).toContain(id);
      expect(text).not.toMatch(TRACE_OF_IT);
    }
  });

  it('is repeated by no answer of the API, whether it takes the event or not', () => {
    expect(answers.map(({ status }) => status)).toEqual([
      ...[409, 409, ...Array(8).fill(400)],
      ...[202, 202, 202, 202, 200],
    ]);
    expect(answers.map(({ body }) => JSON.stringify(body)).filter((text) => TRACE_OF_IT.test(text))).toEqual(
      [],
    );
  });
});
