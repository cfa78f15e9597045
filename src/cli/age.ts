const UNITS = [
  ['days', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** `3 h ago`; whole units, and days from the second day on. */
export function age(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime();
  const [unit, unitMs] = UNITS.find(([name, each]) => ms >= (name === 'days' ? 2 * each : each)) ?? [];
  return unit === undefined ? 'now' : `${Math.floor(ms / unitMs)} ${unit} ago`;
}

/** `2026-11-23T12:00:00.000Z, 3 h ago` */
export function timeAndAge(at: Date, now: Date): string {
  return `${at.toISOString()}, ${age(at, now)}`;
}
