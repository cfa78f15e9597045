import type { FieldError } from '../answers.js';
import { DAY_MS, parseImpactDate } from '../impact-date.js';
import type { Action } from './actions.js';

/** Both ends belong to it: "on or after", "on or before". */
export interface DateRange<Dated> {
  of: keyof Dated & ('updatedAt' | 'eventDate' | 'lockingDate');
  from: number;
  to: number;
}

interface Parameters {
  of: DateRange<Action>['of'];
  start: string;
  end: string;
  /** "If StartDate is specified, EndDate must also be specified"; of the others no such thing is said. */
  endRequired: boolean;
  limited: boolean;
}

const rows: Parameters[] = [
  { of: 'updatedAt', start: 'StartDate', end: 'EndDate', endRequired: true, limited: true },
  // The limits are documented for StartDate, and this is "an alternative to StartDate": that they hold is inferred.
  { of: 'eventDate', start: 'ActionDateStart', end: 'ActionDateEnd', endRequired: false, limited: true },
  { of: 'lockingDate', start: 'LockingDateStart', end: 'LockingDateEnd', endRequired: false, limited: false },
];

const MAX_RANGE_MS = 45 * DAY_MS;
const MAX_AGE_YEARS = 3;

/** The date filters of listActions in the v14 Actions OpenAPI. */
export function readDateRanges(parameters: ReadonlyMap<string, string>, now: number) {
  const errors: FieldError[] = [];
  const ranges: DateRange<Action>[] = [];
  for (const row of rows.filter(({ start, end }) => parameters.has(start) || parameters.has(end))) {
    const from = parseImpactDate(parameters.get(row.start) ?? '');
    const to = parameters.has(row.end) ? parseImpactDate(parameters.get(row.end) ?? '') : openEnd(row, now);
    errors.push(...rangeErrors(row, parameters, from, to, now));
    ranges.push({ of: row.of, from: from ?? 0, to: to ?? 0 });
  }
  return { ranges, errors };
}

function openEnd({ endRequired, limited }: Parameters, now: number): number | undefined {
  if (endRequired) return undefined;
  return limited ? now : Number.POSITIVE_INFINITY;
}

function* rangeErrors(
  { start, end, limited }: Parameters,
  parameters: ReadonlyMap<string, string>,
  from: number | undefined,
  to: number | undefined,
  now: number,
): Iterable<FieldError> {
  if (from === undefined) yield { field: start, message: dateMessage(parameters.has(start), end) };
  if (to === undefined) yield { field: end, message: dateMessage(parameters.has(end), start) };
  if (from === undefined || to === undefined) return;
  if (to < from) yield { field: end, message: `Before ${start}` };
  if (!limited) return;
  if (to - from > MAX_RANGE_MS) yield { field: end, message: `More than 45 days after ${start}` };
  if (from < yearsBefore(now, MAX_AGE_YEARS))
    yield { field: start, message: 'More than 3 years in the past' };
}

function dateMessage(isGiven: boolean, other: string): string {
  return isGiven ? 'Not an ISO 8601 date and time' : `Required with ${other}`;
}

function yearsBefore(ms: number, years: number): number {
  const date = new Date(ms);
  return date.setUTCFullYear(date.getUTCFullYear() - years);
}
