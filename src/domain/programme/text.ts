import { z } from 'zod';

/** A line of text that a shop sends and Impact shows: no control characters, and no half of a character. */
export function line(maxLength: number) {
  return z
    .string()
    .regex(
      new RegExp(`^[^\\p{Cc}\\p{Cs}]{1,${maxLength}}$`, 'u'),
      `must be 1 to ${maxLength} characters, none of them a control character`,
    )
    .meta({ pattern: `^[^\\u0000-\\u001f\\u007f-\\u009f]{1,${maxLength}}$` });
}
