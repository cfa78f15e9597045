import { z } from 'zod';

export const DAY_MS = 86_400_000;
/** The examples of the documentation are in Pacific daylight time, whole seconds and no `Z`: 2020-09-10T09:50:12-07:00. */
const OFFSET_MS = 7 * 3_600_000;

export function toImpactDate(ms: number): string {
  return new Date(ms - OFFSET_MS).toISOString().replace(/\.\d+Z$/, '-07:00');
}

/** The last midnight in the time zone of the examples. */
export function midnight(ms: number): number {
  return Math.floor((ms - OFFSET_MS) / DAY_MS) * DAY_MS + OFFSET_MS;
}

const isoDateTime = z.iso.datetime({ offset: true, local: true });

/** "ISO 8601 with time component" [v14 Actions OpenAPI]. Without an offset it is read as UTC: documented nowhere. */
export function parseImpactDate(text: string): number | undefined {
  if (!isoDateTime.safeParse(text).success) return undefined;
  return Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`);
}
