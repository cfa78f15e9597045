import { setTimeout as delay } from 'node:timers/promises';
import { openDatabase } from '../../src/mongo.js';
import type { Part } from '../part.js';
import { saleOf } from '../support/fixtures.js';
import { untilIdle } from '../support/idle.js';
import { call, timeInFlight } from '../support/load.js';
import { median } from '../support/median.js';
import { startBenchApi, startBenchWorker } from '../support/processes.js';
import { type SignupSystems, startSignupSystems } from '../support/signup-systems.js';

/** "Work in the background never takes the machine away from requests." */
export const backlog: Part = {
  about: 'signups while older conversions are worked off beside them, on the same machine',
  async run(report, { quick }) {
    const systems = await startSignupSystems();
    const api = await startBenchApi(systems);
    const rounds = quick ? 2 : 8;
    const older = quick ? 500 : 5_000;
    await timeSignups(systems, api.url, 1);
    await untilIdle([...systems.processes, api.pid]);
    const before = await timeSignups(systems, api.url, rounds);

    const db = await openDatabase(systems.mongoUri);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await db.conversions.insertMany(
      Array.from({ length: older }, (_, index) => saleOf(`older-${index}`, anHourAgo)),
    );
    const worker = await startBenchWorker(systems, {
      IMPACT_CONFIRM: 'off',
      IMPACT_MAX_REQUESTS_PER_SECOND: '1000',
    });
    const isDone = { campaignEventId: 'sale_subscription', status: 'submitted' } as const;
    while ((await db.conversions.countDocuments(isDone)) < IN_FLIGHT) await delay(100);
    report.progress('the worker works off the older conversions');
    const beside = await timeSignups(systems, api.url, rounds);
    const left = older - (await db.conversions.countDocuments(isDone));
    if (left === 0) throw new Error('the older conversions were done too early: nothing was measured');
    report.row({
      work: `attributed signup, ${IN_FLIGHT} in flight, while ${older.toLocaleString('en')} older conversions are worked off`,
      unit: 'ms',
      measured: median(beside),
      baseline: { what: 'the same without a worker', value: median(before) },
      goal: { atMost: 1.5 },
    });
    await worker.stop();
    await db.close();
    await api.stop();
    await systems.stop();
  },
};

const IN_FLIGHT = 50;
const REQUESTS = 150;

/** @returns the milliseconds of each request */
async function timeSignups(systems: SignupSystems, url: string, rounds: number): Promise<number[]> {
  const headers = await systems.sessionsOf(systems.newUsers(rounds * REQUESTS));
  return timeInFlight(IN_FLIGHT, headers.length, async (index) => {
    await call(`${url}/v1/me`, { headers: { 'x-affiliate-click-id': 'click', ...headers[index] } });
  });
}
