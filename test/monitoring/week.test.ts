import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HOUR, STEP } from '../../dev/week/clock.js';
import { describeFired, evaluate } from '../../dev/week/evaluate.js';
import type { Sample } from '../../dev/week/samples.js';

/** Half a day of two processes that answer, with the series of another function. @returns which alerts fire, and since when */
async function firedWith(seriesAt: (hour: number) => Record<string, number> = () => ({})): Promise<string[]> {
  const directory = await mkdtemp(join(tmpdir(), 'affiliate-week-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const samples = Array.from({ length: (12 * HOUR) / STEP }, (_, step): Sample => {
    const up = ['affiliate-api', 'affiliate-worker'].map((job) => [`up{job="${job}"}`, 1] as const);
    return new Map<string, number>([...up, ...Object.entries(seriesAt((step * STEP) / HOUR))]);
  });
  const fired = await evaluate(samples, join(directory, 'week.test.yml'));
  return fired.map(describeFired);
}

test('a week in which nothing happens fires nothing', async () => {
  expect(await firedWith()).toEqual([]);
});

test('an alert that fires in the middle of the week is found, with its labels and its time', async () => {
  const parked = 'affiliate_parked_conversions{kind="conversion",reason="credentials_rejected"}';
  expect(await firedWith((hour) => (hour >= 3 && hour < 4 ? { [parked]: 2 } : {}))).toEqual([
    'alertname="ParkedConversions", kind="conversion", reason="credentials_rejected", severity="warning" since Monday 03:07',
  ]);
});

test('each alert that fires is found', async () => {
  const down = { 'up{job="affiliate-api"}': 0, 'up{job="affiliate-worker"}': 0 };
  const fired = await firedWith((hour) => (hour >= 11 ? down : {}));
  expect(fired.map((alert) => /alertname="(\w+)"/.exec(alert)?.[1])).toEqual(['ApiDown', 'WorkerDown']);
});
