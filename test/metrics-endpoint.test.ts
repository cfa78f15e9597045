import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { expect, onTestFinished, test } from 'vitest';
import { createMetrics } from '../src/metrics.js';
import { createMetricsEndpoint, type MetricsSource } from '../src/metrics-endpoint.js';
import { sampleOf } from './support/metrics-page.js';
import { logger } from './support/runtime.js';

const healthy: MetricsSource = { name: 'healthy', read: async () => 'healthy_things 3\n' };

async function scrape(...sources: MetricsSource[]) {
  const endpoint = createMetricsEndpoint({ metrics: createMetrics(), logger, sources, deadlineMs: 50 });
  const server = express().use(endpoint).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  return { status: response.status, type: response.headers.get('content-type'), page: await response.text() };
}

test('answers in the text format of Prometheus', async () => {
  const { status, type, page } = await scrape();
  expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
  expect(page).toMatch(/^# TYPE affiliate_conversions_total counter$/m);
  expect(sampleOf(page, 'process_resident_memory_bytes')).toBeGreaterThan(0);
});

test('contains the metrics of each source', async () => {
  expect(sampleOf((await scrape(healthy)).page, 'healthy_things')).toBe(3);
});

test('counts a source that fails, and contains all others', async () => {
  const broken: MetricsSource = { name: 'broken', read: () => Promise.reject(new Error('no database')) };
  const { status, page } = await scrape(broken, healthy);
  expect(status).toBe(200);
  expect(sampleOf(page, 'affiliate_scrape_errors_total', { source: 'broken' })).toBe(1);
  expect(sampleOf(page, 'healthy_things')).toBe(3);
});

test('counts a source that does not answer, and does not wait for it', async () => {
  const silent: MetricsSource = { name: 'silent', read: () => new Promise(() => undefined) };
  const { page } = await scrape(silent, healthy);
  expect(sampleOf(page, 'affiliate_scrape_errors_total', { source: 'silent' })).toBe(1);
  expect(sampleOf(page, 'healthy_things')).toBe(3);
});
