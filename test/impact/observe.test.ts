import { describe, expect, it } from 'vitest';
import { createImpactClient } from '../../src/impact/client.js';
import { observeImpact } from '../../src/impact/observe.js';
import { createMetrics } from '../../src/metrics.js';
import { sampleOf } from '../support/metrics-page.js';
import { CREDENTIALS, SIGNUP, serverThat } from './support.js';

const REQUESTS = 'affiliate_impact_requests_total';

async function submitTo(baseUrl: string, timeoutMs = 5_000): Promise<string> {
  const metrics = createMetrics();
  const config = { baseUrl, credentials: CREDENTIALS, timeoutMs };
  const client = createImpactClient(config, fetch, observeImpact(metrics));
  await client?.submitConversion(SIGNUP).catch(() => undefined);
  await client?.getSubmission('/Advertisers/IRtest/APISubmissions/A-1-2-3').catch(() => undefined);
  return metrics.registry.metrics();
}

const answering = (status: number) =>
  serverThat((_request, response) => response.writeHead(status).end('{}'));

describe('a request to Impact', () => {
  it.each([200, 400, 429, 503])('is counted with its status %d, by resource and method', async (status) => {
    const page = await submitTo(await answering(status));
    const seen = { status: String(status) };
    expect(sampleOf(page, REQUESTS, { resource: 'Conversions', method: 'POST', ...seen })).toBe(1);
    expect(sampleOf(page, REQUESTS, { resource: 'APISubmissions', method: 'GET', ...seen })).toBe(1);
  });

  it('is counted with the reason if there was no answer', async () => {
    const page = await submitTo(await serverThat(() => undefined), 100);
    expect(sampleOf(page, REQUESTS, { resource: 'Conversions', status: 'impact_timeout' })).toBe(1);
  });

  it('is counted with the reason if the answer broke off, whatever its status', async () => {
    const page = await submitTo(
      await serverThat((_request, response) => {
        response.writeHead(200, { 'Content-Length': '100' }).write('{');
        setImmediate(() => response.destroy());
      }),
    );
    expect(sampleOf(page, REQUESTS, { resource: 'Conversions', status: 'impact_unavailable' })).toBe(1);
  });

  it('is timed, without an id in any label', async () => {
    const page = await submitTo(await answering(200));
    const count = 'affiliate_impact_request_duration_seconds_count';
    expect(sampleOf(page, count, { resource: 'Conversions', method: 'POST' })).toBe(1);
    expect(page).not.toMatch(/IRtest|A-1-2-3/);
  });
});
