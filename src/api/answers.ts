import { z } from 'zod';
import { ADJUSTMENT_STATUSES, type Adjustment } from '../domain/adjustment.js';
import { CONVERSION_STATUSES, type Conversion } from '../domain/conversion.js';
import { ATTRIBUTION_CODES } from '../domain/explain-attribution.js';
import { time } from '../domain/fields.js';
import { changedItemsSchema } from '../domain/programme/items.js';
import { MAX_NOTE } from '../domain/workflow-names.js';
import { WORD } from '../temporal/parked-query.js';

/** Shapes that several routes share. All times are ISO 8601 in UTC. */

export { pastTime, time } from '../domain/fields.js';

export const erasedAt = time.describe(
  'When its user was erased, and with the user the click and the e-mail hash.',
);

export const status = z.enum(CONVERSION_STATUSES);

export const click = z.object({
  clickId: z.string(),
  capturedAt: time.describe(
    'When this service received the click id, which is later than the click; or when a backend says.',
  ),
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
    .describe('Why it is skipped or parked; `waits_for_parent`; `restarted`. A stable code.'),
});

export function shownState({ _id, status, reason }: Pick<Conversion, '_id' | 'status' | 'reason'>) {
  return { conversionId: _id, status, reason };
}

const word = z.string().regex(WORD, 'must be letters, digits and underscores').optional();

export const parkedFilter = z.strictObject({
  reason: word.describe('Why they are where they are, such as `impact_refused`.'),
  event: word.describe('Id of a campaign event.'),
});

/** How many conversions a command would move. */
export const preview = z.object({
  count: z.int().min(0).describe('How many it moves: conversions, and parked adjustments of reported ones.'),
  byReason: z.array(
    z.object({
      status,
      reason: z.string().optional().describe("Absent for an operator's decision."),
      count: z.int().min(1),
    }),
  ),
  estimate: z
    .union([
      z.object({
        seconds: z.number().describe('How long their reports take at the least.'),
        requestsPerSecond: z.number().describe('The limit of the reports to Impact.'),
        backlog: z.int().describe('How many reports wait before them.'),
      }),
      z.object({ waitsFor: z.enum(['resume', 'worker']).describe('What they all wait for.') }),
    ])
    .optional(),
});

/** The answer to a command for many conversions. */
export const movedConversions = preview
  .extend({
    done: z.boolean().describe('`false`: nothing was moved, because the request confirmed no count.'),
    jobId: z
      .string()
      .optional()
      .describe(
        "Temporal's batch operation, which signals the parked ones: `temporal batch describe --job-id`.",
      ),
    restarted: z.int().optional().describe('How many became pending: a worker starts them within seconds.'),
  })
  .meta({ id: 'MovedConversions' });

export const PREVIEW = { status: 200, description: 'Nothing was moved: this is the preview.' } as const;

export const confirm = z
  .int()
  .min(0)
  .optional()
  .describe('The `count` of the preview. Without it, the answer is the preview, and nothing is moved.');

/** Why an operator does something. */
export const operatorReason = z.string().trim().min(1).max(MAX_NOTE.reason);

export const whyAbandoned = operatorReason.describe('Why; recorded in the timeline.');

export const why = z.object({
  code: z.enum(ATTRIBUTION_CODES).describe('Stable: the rule that chose the click.'),
  text: z.string().describe('The rule in words, with the clicks and their times.'),
});

/** A conversion in a list. */
export const conversionSummary = conversionState.extend({
  campaignEventId: z.string(),
  userId: z.string(),
  parkedAdjustment: adjustment.pick({ id: true, kind: true, parkReason: true }).optional(),
  orderId: z.string().optional().describe("Impact's `OrderId`; absent until the first attempt."),
  clickId: z.string().optional().describe('The click that it is credited to; absent without one.'),
  erasedAt: erasedAt.optional(),
  outcome: z.string().describe("What happened, in an affiliate manager's words."),
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
