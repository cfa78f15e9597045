import { parseArgs } from 'node:util';
import type { AuditWindow } from '../domain/audit.js';
import { UsageError } from './usage-error.js';

export interface AuditArguments {
  window: AuditWindow;
  json: boolean;
  csvFile?: string;
  dataDir?: string;
}

const USAGE =
  'Usage: npm run -s conversions -- audit --from 2026-11-01 --to 2026-11-23 [--json] [--csv FILE] [--data-dir DIR]\n' +
  'Days are those of UTC, and the last one belongs to it. A time such as 2026-11-01T12:00:00Z is taken as it is.';

const DAY_MS = 86_400_000;

/** https://integrations.impact.com/impact-brand/reference/list-all-actions: "more than 3 years in the past" is refused. */
const MAX_AGE_DAYS = 3 * 365;

/** @throws UsageError in words for whoever typed it */
export function readAuditArguments(args: string[], now = new Date()): AuditArguments {
  const { from, to, json, csv, 'data-dir': dataDir } = parse(args);
  const window = { from: toTime('--from', from, 0), to: toTime('--to', to, DAY_MS) };
  if (window.from >= window.to) throw new UsageError(`--from ${from} is not before --to ${to}.`);
  if (window.from.getTime() > now.getTime()) throw new UsageError(`--from ${from} is in the future.`);
  if (now.getTime() - window.from.getTime() > MAX_AGE_DAYS * DAY_MS)
    throw new UsageError(`--from ${from} is more than three years ago: Impact lists nothing so old.`);
  return {
    window: { from: window.from.toISOString(), to: window.to.toISOString() },
    json,
    ...(csv === undefined ? {} : { csvFile: csv }),
    ...(dataDir === undefined ? {} : { dataDir }),
  };
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        json: { type: 'boolean', default: false },
        csv: { type: 'string' },
        'data-dir': { type: 'string' },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n${USAGE}`);
  }
}

/** @param dayMs what a day without a time stands for: its beginning, or the beginning of the next */
function toTime(option: string, text: string | undefined, dayMs: number): Date {
  if (text === undefined) throw new UsageError(`${option} is missing.\n${USAGE}`);
  const isDay = /^\d{4}-\d\d-\d\d$/.test(text);
  const isTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text);
  const time = new Date(isDay ? `${text}T00:00:00Z` : text);
  const exists = !Number.isNaN(time.getTime()) && (!isDay || time.toISOString().startsWith(text));
  if (!(isDay || isTime) || !exists)
    throw new UsageError(`${option} ${text} is not a date such as 2026-11-01.\n${USAGE}`);
  return new Date(time.getTime() + (isDay ? dayMs : 0));
}
