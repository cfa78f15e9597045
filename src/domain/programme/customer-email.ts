import { createHash } from 'node:crypto';
import { z } from 'zod';

/** https://html.spec.whatwg.org/multipage/input.html#valid-e-mail-address */
const ADDRESS = z.regexes.html5Email;
const HASH = /^([0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/;

/** The longest address that SMTP takes: https://www.rfc-editor.org/errata/eid1690 */
const MAX_LENGTH = 254;

/**
 * Impact takes an e-mail address only as its SHA-1 or SHA-256. So a plain one is hashed as it is parsed, and is never
 * stored, logged or traced. SHA-1, because Impact's own tag on a website sends that, and Impact can match only equal hashes.
 * Impact documents no normalization: trimming and lower case are what other senders do.
 */
export const customerEmail = z
  .string()
  .trim()
  .toLowerCase()
  .max(MAX_LENGTH)
  .refine((text) => HASH.test(text) || ADDRESS.test(text), {
    abort: true,
    message: 'must be an e-mail address, or its SHA-1 or SHA-256 in hexadecimal',
  })
  .transform((text) => (HASH.test(text) ? text : createHash('sha1').update(text).digest('hex')))
  .optional()
  .meta({
    pattern: `${HASH.source}|${ADDRESS.source.replaceAll('\\/', '/')}`,
    maxLength: MAX_LENGTH,
  })
  .describe(
    "The customer's e-mail address, or the SHA-1 or SHA-256 of it, trimmed and in lower case. This service hashes a plain " +
      'one at once (SHA-1), and keeps only the hash.',
  );
