import { z } from 'zod';

/**
 * An order id as shops send it. Two ids that are equal for Unicode (é as one or as two code points) are one id. What
 * cannot be seen is refused, as it would make two orders of one: control characters, zero-width and other invisible
 * characters, line separators, and white space at either end.
 * https://www.unicode.org/reports/tr15/ (NFC), https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
 */
export const orderIdSchema = z
  .string()
  .normalize('NFC')
  .regex(
    /^(?!\s)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]{1,64}(?<!\s)$/u,
    'must be 1 to 64 visible characters, with no white space at either end',
  )
  .meta({ pattern: documentedPattern() });

/**
 * The rule in the OpenAPI document. Generators of clients and of requests know no `\p{…}` and no look-ahead, so it names
 * the characters one by one, and lets the invisible ones beyond U+FFFF pass.
 */
function documentedPattern(): string {
  const invisible =
    '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890-\\u0891\\u08e2\\u115f-\\u1160' +
    '\\u17b4-\\u17b5\\u180b-\\u180f\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0' +
    '\\ufff0-\\ufffb';
  return `^[^\\s${invisible}]([^${invisible}]{0,62}[^\\s${invisible}])?$`;
}

/** Whether a human would take one for the other: they differ in case, white space, or kinds of dashes and letters. */
export function looksLike(one: string, other: string): boolean {
  return skeleton(one) === skeleton(other);
}

/** NFKC makes one character of those that are the same but for their form, such as full-width letters. */
function skeleton(orderId: string): string {
  return orderId
    .normalize('NFKC')
    .replace(/\p{Pd}|\u2212/gu, '-')
    .replace(/[\s\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '')
    .toLowerCase();
}
