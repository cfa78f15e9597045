import { setTimeout as delay } from 'node:timers/promises';
import type { System } from '../trial/system.js';
import { type Clock, DAY, nameOf, STEP } from './clock.js';
import type { Happening } from './play.js';
import type { Sample } from './samples.js';
import { createScraper, isResting } from './scrape.js';

interface Passing {
  clock: Clock;
  happenings: readonly Happening[];
  outage: { from: number; to: number };
  /** Where the week ends. */
  until: number;
  /** At least; a step takes as long as its work. */
  secondsPerDay: number;
  say: (line: string) => void;
}

/** In an outage: conversions are retried after seconds, and several times in it. */
const OUTAGE_STEP_MS = 100;

/** For so long the clock stands in the whole run. Afterwards it goes on, and a wait of seconds counts as hours. */
const PATIENCE_MS = 90_000;

/** Lets the week pass. @returns the metrics of each step, read after its happenings */
export async function passWeek(system: System, passing: Passing): Promise<Sample[]> {
  const { clock, outage, until, secondsPerDay, say } = passing;
  const scrape = createScraper(system, clock);
  const happenings = passing.happenings.toSorted((one, other) => other.at - one.at);
  const samples: Sample[] = [];
  let patienceMs = PATIENCE_MS;

  async function sampleAtRest(isAway: boolean): Promise<Sample> {
    for (;;) {
      const sample = await scrape();
      if (isResting(sample, isAway) || patienceMs <= 0) return sample;
      const before = Date.now();
      await delay(20);
      patienceMs -= Date.now() - before;
      if (patienceMs <= 0)
        say('the clock stood for too long: from now on, a wait of seconds counts as hours');
    }
  }

  for (let step = 0; step < until / STEP; step += 1) {
    const now = step * STEP;
    if (now % DAY === 0) say(nameOf(now));
    clock.beginStep();
    const due: Happening[] = [];
    for (let next = happenings.at(-1); next && next.at < now + STEP; next = happenings.at(-1)) {
      due.push(next);
      happenings.pop();
    }
    await Promise.all(due.map(({ happen }) => happen()));
    const isAway = now >= outage.from && now < outage.to;
    samples.push(await sampleAtRest(isAway));
    const lengthMs = isAway ? OUTAGE_STEP_MS : (secondsPerDay * 1_000 * STEP) / DAY;
    const restMs = lengthMs - clock.stepMs();
    if (restMs >= 1) await delay(restMs);
  }
  return samples;
}
