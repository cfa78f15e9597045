import { plural } from './plural.js';

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `3 days`, `1.5 hours`, `40 seconds` */
export function inWords(durationMs: number): string {
  const [unit, unitMs] = UNITS.find(([, ms]) => durationMs >= ms) ?? ['second', 1_000];
  return plural(Number((durationMs / unitMs).toFixed(1)), unit);
}
