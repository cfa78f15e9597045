import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { startTracing, type Tracing } from '../../src/tracing/tracing.js';
import { pathTo, startCollector } from '../support/collector.js';
import { startProcesses } from '../support/processes.js';
import { type Stack, startStack } from '../support/stack.js';

const CALLER = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

describe('a signup', () => {
  let collector: Awaited<ReturnType<typeof startCollector>>;
  let tracing: Tracing | undefined;
  let stack: Stack;
  let conversionId: string;

  beforeAll(async () => {
    collector = await startCollector();
    tracing = await startTracing({ tracesUrl: `${collector.endpoint}/v1/traces` }, 'affiliate-test');
    stack = await startStack(tracing ? { tracing } : {});
  });
  afterAll(async () => {
    await stack.stop();
    await collector.stop();
  });

  it("is one trace from the website's request to the POST to Impact", async () => {
    const { body: user } = await stack.api.call('/v1/me', {
      token: await stack.api.tokens.session('user_traced'),
      headers: {
        'X-Affiliate-Click-Id': 'click-of-a-partner',
        traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01`,
      },
    });
    conversionId = `signup:${user.userId}`;
    await stack.untilStatus(conversionId, 'submitted');
    // The span of an activity ends after its last write.
    await stack.temporal.workflow.getHandle(workflowId(conversionId)).result();
    await tracing?.shutdown();

    const path = pathTo(collector.spans, 'POST Conversions', conversionId);
    expect(path.map(({ name }) => name)).toEqual([
      'GET /v1/me',
      'StartWorkflow ConversionWorkflow',
      'RunActivity reportConversion',
      'POST Conversions',
    ]);
    expect(path[0]?.parentSpanId).toBe(CALLER.spanId);
    expect(new Set(path.map(({ traceId }) => traceId))).toEqual(new Set([CALLER.traceId]));
  });

  it('has the local activities in its trace as well', () => {
    const names = collector.spans.filter(({ traceId }) => traceId === CALLER.traceId).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining(['RunActivity loadAttribution', 'RunActivity checkReferralWindow']),
    );
  });

  it('has the status of each response', () => {
    const path = pathTo(collector.spans, 'POST Conversions', conversionId);
    expect(path[0]?.attributes).toMatchObject({ 'http.response.status_code': 200, 'http.route': '/v1/me' });
    expect(path[2]?.attributes).toMatchObject({ 'conversion.id': conversionId, 'temporal.attempt': 1 });
    expect(path[3]?.attributes).toMatchObject({ 'http.response.status_code': 200 });
  });

  it('puts neither the click nor a credential into a span, and sends Impact nothing of the trace', async () => {
    const { accountSid, authToken } = stack.credentials;
    const basic = Buffer.from(`${accountSid}:${authToken}`).toString('base64');
    for (const secret of ['click-of-a-partner', accountSid, authToken, basic, 'eyJ', 'Bearer']) {
      expect(collector.bodies.join()).not.toContain(secret);
    }
    const [request] = await stack.sandbox.requests(conversionId.replace(':', '-'));
    expect(request).toBeDefined();
    expect(JSON.stringify(request)).not.toMatch(new RegExp(`traceparent|${CALLER.traceId}`));
  });

  it('keeps the trace from who asks for the conversion', async () => {
    expect(await stack.conversion(conversionId)).toHaveProperty('traceparent');
    expect((await stack.api.conversion(conversionId)).body).not.toHaveProperty('traceparent');
  });
});

it('continues the trace of the request when the relay of another process starts the workflow', async () => {
  const collector = await startCollector();
  const processes = await startProcesses({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint });
  try {
    // The API has an address where nothing listens for Temporal.
    const [api, worker] = await Promise.all([
      processes.startApi({ TEMPORAL_ADDRESS: '127.0.0.1:1' }),
      processes.startWorker(),
    ]);
    const { body: user } = await processes.callApi(api.url).me('user_relayed', 'click');
    const conversionId = `signup:${user.userId}`;
    await expect.poll(() => processes.status(conversionId), { timeout: 60_000 }).toBe('submitted');
    await Promise.all([api.stop(), worker.stop()]);

    const path = pathTo(collector.spans, 'POST Conversions', conversionId);
    expect(path.map(({ service, name }) => `${service}: ${name}`)).toEqual([
      'affiliate-api: GET /v1/me',
      'affiliate-worker: StartWorkflow ConversionWorkflow',
      'affiliate-worker: RunActivity reportConversion',
      'affiliate-worker: POST Conversions',
    ]);
    const traceId = path[0]?.traceId;
    const named = async (name: 'api' | 'worker', msg: string) =>
      (await processes.lines(name)).filter((line) => line.includes(msg)).map((line) => JSON.parse(line));
    expect(await named('api', 'request completed')).toEqual([
      expect.objectContaining({ trace_id: traceId, conversionId }),
    ]);
    expect(await named('worker', 'conversion reported')).toEqual([
      expect.objectContaining({ trace_id: traceId, conversionId }),
    ]);
    for (const name of ['api', 'worker'] as const) {
      const [{ packages }] = await named(name, '"loaded"');
      expect(packages).toContain('@opentelemetry/sdk-trace');
    }
  } finally {
    await processes.stop();
    await collector.stop();
  }
}, 120_000);
