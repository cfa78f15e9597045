import { z } from 'zod';
import { CLICK_ID_PATTERN, CLICK_ID_RULE } from './attribution.js';
import { CLOCK_SKEW_MS } from './clock-skew.js';

/** Fields that callers send in several places. */

export const time = z.iso
  .datetime({ offset: true, abort: true })
  .meta({ examples: ['2026-11-26T08:00:00.000Z'] });

/** Of something that has happened. */
export const pastTime = time.refine(
  (value) => Date.parse(value) <= Date.now() + CLOCK_SKEW_MS,
  'must not be in the future',
);

/** The user's id at the token issuer. */
export const clerkId = z.string().min(1).max(255);

export const clickId = z.string().regex(CLICK_ID_PATTERN, `must be ${CLICK_ID_RULE}`);
