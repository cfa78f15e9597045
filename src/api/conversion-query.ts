import { z } from 'zod';
import { CLICK_ID_PATTERN, CLICK_ID_RULE } from '../domain/attribution.js';
import { MOMENT_RULE, momentOf } from '../domain/moment.js';
import { status } from './answers.js';

const text = (maxLength: number) => z.string().min(1).max(maxLength).optional();

const moment = (edge: 'from' | 'to') =>
  z
    .union([z.iso.date(), z.iso.datetime({ offset: true })], `must be ${MOMENT_RULE}`)
    .transform((value) => momentOf(value, edge))
    .optional();

/** The filters of every list of conversions. */
export const conversionQuery = z.strictObject({
  status: status
    .optional()
    .describe('`parked` also matches a conversion of another status whose adjustment is parked.'),
  event: text(64).describe('Id of a campaign event, including one that is not configured here.'),
  reason: text(100).describe('Reason of the conversion or of its parked adjustment.'),
  userId: text(64).describe('As in the answer of GET /v1/me.'),
  clerkId: text(255).describe(
    'Id of the user at the token issuer. It also finds what is held for a user who has not come yet.',
  ),
  clickId: z
    .string()
    .regex(CLICK_ID_PATTERN, `must be ${CLICK_ID_RULE}`)
    .optional()
    .describe('The click that a conversion is credited to.'),
  orderId: text(128).describe("The shop's order id, which is Impact's `OrderId` too."),
  occurredFrom: moment('from').describe(
    'Conversions of events since this time, or since the beginning of this UTC day. The newest event is then the first.',
  ),
  occurredTo: moment('to').describe('Of events before this time, or before the end of this UTC day.'),
});
