import type { Random } from '../trial/random.js';
import { DAY, HOUR, WEEK } from './clock.js';

/** How much of the business of a day falls into each of its hours. */
const HOURS = [2, 1, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 9, 9, 8, 8, 8, 9, 10, 11, 12, 10, 7, 4];
/** And of a week into each of its days, from Monday on. */
const DAYS = [9, 9, 9, 9, 10, 7, 6];
const BUSIEST = Math.max(...HOURS) * Math.max(...DAYS);

/** A moment of the week after another one, at which business happens: most of it in the evening, and little at night. */
export function momentOfBusiness(random: Random, after = 0): number {
  for (;;) {
    const moment = random.int(after, WEEK - 1);
    const weight = (DAYS[Math.floor(moment / DAY)] ?? 0) * (HOURS[Math.floor((moment % DAY) / HOUR)] ?? 0);
    if (random.int(1, BUSIEST) <= weight) return moment;
  }
}
