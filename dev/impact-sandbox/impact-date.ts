import { z } from 'zod';

export const DAY_MS = 86_400_000;
/** The documentation's examples use Pacific daylight time, whole seconds and no `Z`: 2020-09-10T09:50:12-07:00. */
const OFFSET_MS = 7 * 3_600_000;

export function toImpactDate(ms: number): string {
  return new Date(ms - OFFSET_MS).toISOString().replace(/\.\d+Z$/, '-07:00');
}

/** "ISO 8601 with time component" [v14 Actions OpenAPI]. A date without an offset is read as UTC; this is not documented. */
export const date = z.iso
  .datetime({ offset: true, local: true, error: 'Not an ISO 8601 date and time' })
  .transform((text) => Date.parse(/(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`));
