import type { z } from 'zod';
import type { FieldError } from './errors.js';
import { cut, printable } from './foreign-text.js';

/** An answer names so many faults of the input, and counts the others. */
const MAX_NAMED = 10;

/** What is wrong with an input, in words and by field. */
export function inputFaults(what: string, { issues }: z.ZodError) {
  const all = issues.flatMap(fieldErrors);
  const fields = all.slice(0, MAX_NAMED).map(({ field, message }) => {
    return { field: printable(cut(field, 100)), message: printable(cut(message, 200)) };
  });
  const named = fields.map(({ field, message }) => (field ? `${field}: ${message}` : message));
  if (all.length > MAX_NAMED) named.push(`and ${all.length - MAX_NAMED} more`);
  return { detail: `The ${what} is invalid. ${named.join('; ')}.`, fields };
}

function fieldErrors(issue: z.core.$ZodIssue): FieldError[] {
  const at = (...path: PropertyKey[]) => [...issue.path, ...path].join('.');
  if (issue.code !== 'unrecognized_keys') return [{ field: at(), message: issue.message }];
  return issue.keys.map((key) => ({ field: at(key), message: 'is unknown' }));
}
