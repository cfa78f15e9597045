/** Simulated time is in seconds since the beginning of the week, a Monday at midnight. */
export const HOUR = 3_600;
export const DAY = 24 * HOUR;
export const WEEK = 7 * DAY;

/** The metrics are read once in each step. The shortest window of an alert is five minutes, and needs two samples. */
export const STEP = 150;

export type Clock = ReturnType<typeof createClock>;

/**
 * The week is compressed by leaving out the time in which nothing happens. Within a step time passes as on the wall; then
 * the clock jumps to the next step. So a start that takes milliseconds in life takes milliseconds here, on a slow machine as
 * well, and a conversion that has waited since an earlier step has waited for minutes.
 */
export function createClock() {
  /** When each step began, in milliseconds of the wall's clock. */
  const beginnings: number[] = [];

  function stepAt(wallMs: number): number {
    let [low, high] = [0, beginnings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((beginnings[middle] ?? 0) <= wallMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  return {
    beginStep: (wallMs = Date.now()) => void beginnings.push(wallMs),
    /** For how many milliseconds the step lasts by now. */
    stepMs: (wallMs = Date.now()) => wallMs - (beginnings.at(-1) ?? wallMs),
    /** The moment of the week at a time of the wall's clock; before the beginning it counts as on the wall. */
    weekOf(wallMs: number): number {
      const step = Math.max(0, stepAt(wallMs));
      const passed = (wallMs - (beginnings[step] ?? wallMs)) / 1_000;
      return step * STEP + Math.min(STEP, passed);
    },
    /** When on the wall's clock a moment of the week was, at the latest now. */
    wallOf(week: number): number {
      const step = Math.min(beginnings.length - 1, Math.max(0, Math.floor(week / STEP)));
      return beginnings[step] ?? Date.now();
    },
  };
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

/** `Tuesday 14:05` */
export function nameOf(week: number): string {
  const minutes = Math.floor((week % DAY) / 60);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${DAYS[Math.floor(week / DAY)] ?? 'the end'} ${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
