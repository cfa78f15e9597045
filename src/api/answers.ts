import { z } from 'zod';
import { ADJUSTMENT_STATUSES, type Adjustment } from '../domain/adjustment.js';
import { CLOCK_SKEW_MS } from '../domain/clock-skew.js';
import { CONVERSION_STATUSES } from '../domain/conversion.js';
import { changedItemsSchema } from '../domain/programme/items.js';

/** Shapes that several routes share. All times are ISO 8601 in UTC. */

export const time = z.iso
  .datetime({ offset: true, abort: true })
  .meta({ examples: ['2026-11-26T08:00:00.000Z'] });

/** Of something that has happened. */
export const pastTime = time.refine(
  (value) => Date.parse(value) <= Date.now() + CLOCK_SKEW_MS,
  'must not be in the future',
);

export const status = z.enum(CONVERSION_STATUSES);

export const click = z.object({
  clickId: z.string(),
  capturedAt: time.describe('When this service received the click id, which is later than the click.'),
});

export const adjustment = z.object({
  id: z.string(),
  kind: z.enum(['reversal', 'amount']),
  reason: z.string().describe("Impact's reason code."),
  totalAmountCents: z
    .int()
    .optional()
    .describe("The whole new amount in the currency's minor unit; absent for a reversal."),
  effectiveAt: time.optional().describe('Of a new amount: since when it holds.'),
  items: changedItemsSchema.optional().describe('Of a new amount: what is left of these items.'),
  status: z.enum(ADJUSTMENT_STATUSES),
  parkReason: z.string().optional(),
  detail: z.string().optional(),
  queuedUri: z.string().optional().describe("Impact's address of the queued request, for their support."),
  sentAt: time.optional(),
  requestedAt: time,
  requestedBy: z.string().describe('The subject of the token.'),
});

export function shownAdjustment({ followUntil: _internal, ...shown }: Adjustment) {
  return shown;
}

export const conversionState = z.object({
  conversionId: z
    .string()
    .meta({ examples: ['signup:665f1c2e9b1d8a0012345678'] })
    .describe('`<event>:<key>`, such as `signup:<userId>` or `<event>:<orderId>`.'),
  status,
  reason: z
    .string()
    .optional()
    .describe('Why it is skipped or parked, or `waits_for_parent`. A stable code.'),
});

/** A conversion in a list. */
export const conversionSummary = conversionState.extend({
  campaignEventId: z.string(),
  userId: z.string(),
  parkedAdjustment: adjustment.pick({ id: true, kind: true, parkReason: true }).optional(),
  orderId: z.string().optional().describe("Impact's `OrderId`; absent until the first attempt."),
  clickId: z.string().optional().describe('The click that it is credited to; absent without one.'),
  occurredAt: time,
  createdAt: time,
  updatedAt: time,
});

/** Answer to an operator's command. */
export const operationResult = conversionState
  .extend({
    workflowId: z.string().describe('The workflow that was signalled, or started with the signal.'),
    status: status.describe('The status now; a signalled workflow changes it a moment later.'),
  })
  .meta({ id: 'OperationResult' });
