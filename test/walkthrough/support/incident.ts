import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { openDemoClient } from '../../../dev/demo/client.js';
import { neutralEnvironment, workerEnvironment } from '../../../dev/environment.js';
import { createSandboxCaller } from '../../../dev/impact-sandbox/caller.js';
import { startService } from '../../../dev/service.js';
import { startStack } from '../../../dev/stack.js';
import type { ConversionStatus } from '../../../src/domain/conversion.js';
import { launchChromium } from '../../browser/support/launch-chromium.js';
import { startPrometheus } from '../../monitoring/prometheus-server.js';

const CREDENTIALS = { accountSid: 'IRsandbox', authToken: 'sandbox-token' };
const BUYERS = 10;

export type Incident = Awaited<ReturnType<typeof startIncident>>;

/** Starts the stack of `npm start` with Prometheus and a browser, and offers the faults of the incident. */
export async function startIncident() {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-walkthrough-'));
  const env = {
    ...neutralEnvironment(process.env),
    PORT: '0',
    IMPACT_ACCOUNT_SID: CREDENTIALS.accountSid,
    IMPACT_AUTH_TOKEN: CREDENTIALS.authToken,
  };
  const say = () => undefined;
  const stack = await startStack({ dataDir: directory, env, say });
  const { urls } = stack;
  const { temporalUiUrl } = urls;
  if (!temporalUiUrl) throw new Error('the stack has no Temporal UI');
  const worker = new URL(urls.workerMetricsUrl);
  const [prometheus, browser, client] = await Promise.all([
    startPrometheus(directory, {
      'affiliate-api': new URL(urls.apiMetricsUrl).host,
      'affiliate-worker': worker.host,
    }),
    launchChromium(),
    openDemoClient(urls, directory),
  ]);
  let workerAgain: { stop: () => Promise<void> } | undefined;

  return {
    urls: { ...urls, temporalUiUrl, prometheusUrl: prometheus.url },
    browser,
    sandbox: createSandboxCaller(urls.impactUrl),
    async signUp(): Promise<string[]> {
      const pages = Array.from({ length: BUYERS }, (_, index) =>
        client.firstPage(`buyer-${index}`, `3t6RuJ:x${index}`),
      );
      return (await Promise.all(pages)).map(({ userId }) => userId);
    },
    /** @returns the order ids */
    async sell(userIds: string[], prefix: string, count: number): Promise<string[]> {
      const orderIds = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
      const shops = userIds.map(async (userId, shop) => {
        for (const [index, orderId] of orderIds.entries())
          if (index % userIds.length === shop) await client.sell(userId, orderId, 4_900 + index);
      });
      await Promise.all(shops);
      return orderIds;
    },
    /** Waits until the conversions of one event have the expected count in each status. */
    async untilStatuses(
      campaignEventId: string,
      expected: Partial<Record<ConversionStatus, number>>,
    ): Promise<void> {
      const statuses = async () => {
        const counts = await client.db.conversions.aggregate<{ _id: string; count: number }>([
          { $match: { campaignEventId } },
          { $group: { _id: '$status', count: { $sum: 1 } } },
        ]);
        return Object.fromEntries(counts.map(({ _id, count }) => [_id, count]));
      };
      // An overloaded Temporal can lose an attempt that it reports as started. It starts another after five minutes.
      await expect.poll(statuses, { timeout: 600_000, interval: 200 }).toEqual(expected);
    },
    /** Waits until Impact has acknowledged all conversions of one event. */
    async untilReported(campaignEventId: string): Promise<void> {
      const unreported = () =>
        client.db.conversions
          .countDocuments({ campaignEventId, status: { $in: ['parked', 'reporting'] } })
          .exec();
      await expect.poll(unreported, { timeout: 300_000, interval: 200 }).toBe(0);
    },
    /** Returns the names of the firing alerts. */
    async firing(): Promise<string[]> {
      const alerts = (await prometheus.alerts()).filter(({ state }) => state === 'firing');
      return alerts.map(({ labels }) => labels.alertname ?? '').toSorted();
    },
    parkedAlert: async () =>
      (await prometheus.alerts()).find(({ labels }) => labels.alertname === 'ParkedConversions'),
    killWorker: () => void process.kill(stack.pidOf('worker'), 'SIGKILL'),
    async startWorkerAgain(): Promise<void> {
      workerAgain = await startService({
        name: 'worker',
        entry: 'src/worker.ts',
        env: workerEnvironment(env, Number(worker.port), urls, CREDENTIALS),
        logFile: join(directory, 'logs', 'worker.log'),
      });
    },
    async stop(): Promise<void> {
      await prometheus.stop();
      await browser.close();
      await client.close();
      await workerAgain?.stop();
      await stack.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
