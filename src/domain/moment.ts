const DAY_MS = 86_400_000;

const DAY = /^\d{4}-\d\d-\d\d$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** In words, for a text that names no moment. */
export const MOMENT_RULE = 'a day such as 2026-11-17, or a time such as 2026-11-17T08:00:00Z';

/** Whether a text names a day that exists. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const start = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(start.getTime()) && start.toISOString().startsWith(text);
}

/**
 * The beginning or the end of a span, of which the end is no part: a day means the whole UTC day, a time is exact.
 * @returns undefined where the text names neither
 */
export function momentOf(text: string, edge: 'from' | 'to'): Date | undefined {
  if (isDay(text)) return new Date(Date.parse(`${text}T00:00:00Z`) + (edge === 'to' ? DAY_MS : 0));
  // A Date takes the 30th of February for the 2nd of March.
  if (!TIME.test(text) || !isDay(text.slice(0, 10))) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
