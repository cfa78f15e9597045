import { z } from 'zod';
import { ADJUSTMENT_STATUSES, type Adjustment } from '../domain/adjustment.js';
import { CONVERSION_STATUSES } from '../domain/conversion.js';

/** Shapes that several routes share. All times are ISO 8601 in UTC. */

export const time = z.iso
  .datetime({ offset: true, abort: true })
  .meta({ examples: ['2026-11-26T08:00:00.000Z'] });

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

export const publishedConversion = z
  .object({
    conversionId: z
      .string()
      .meta({ examples: ['signup:665f1c2e9b1d8a0012345678'] })
      .describe('`<event>:<key>`, such as `signup:<userId>` or `<event>:<orderId>`.'),
    status,
    reason: z
      .string()
      .optional()
      .describe('Why it is skipped or parked, or `waits_for_parent`. A stable code.'),
  })
  .meta({ id: 'PublishedConversion' });

/** Answer to an operator's command. */
export const operationResult = publishedConversion
  .extend({
    workflowId: z.string().describe('The workflow that was signalled, or started with the signal.'),
    status: status.describe('The status now; a signalled workflow changes it a moment later.'),
  })
  .meta({ id: 'OperationResult' });
