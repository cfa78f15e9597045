import { z } from 'zod';
import { ADJUSTMENT_STATUSES, AMOUNT_REASONS, REVERSAL_REASONS } from '../domain/adjustment.js';
import { CLICK_ID_PATTERN } from '../domain/attribution.js';
import type { CampaignEvent } from '../domain/campaign-events/define.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import { CONVERSION_STATUSES } from '../domain/conversion.js';

/** The shapes of what comes in and goes out; /openapi.json is generated from them. */

const time = z.iso.datetime({ offset: true, abort: true });

export const clickIdBody = z.strictObject({
  clickId: z
    .string()
    .regex(CLICK_ID_PATTERN, 'must be 1 to 64 printable ASCII characters')
    .describe('The click id as it came in the URL, decoded once. Opaque and case-sensitive.'),
});

const click = z.object({ clickId: z.string(), capturedAt: time });

export const userAnswer = z
  .object({
    userId: z.string(),
    clerkId: z.string(),
    attribution: z.object({ impact: click.optional() }),
    createdAt: time,
  })
  .meta({ id: 'User' });

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string().describe('Stable: branch on this.'),
    detail: z.string().describe('What happened, and what to do next.'),
    errors: z.array(z.object({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });

const status = z.enum(CONVERSION_STATUSES);

export const publishedAnswer = z
  .object({ conversionId: z.string(), status, reason: z.string().optional() })
  .meta({ id: 'PublishedConversion' });

const explanation = z.object({
  code: z.string().describe('Stable: the reason, or where it stands.'),
  text: z.string().describe('The same in words, with what is known of this conversion.'),
  next: z.string().optional().describe('What a human can do; left out where there is nothing.'),
});

export const adjustmentAnswer = z.object({
  id: z.string(),
  kind: z.enum(['reversal', 'amount']),
  reason: z.string().describe("Impact's code."),
  totalAmountCents: z.int().optional(),
  status: z.enum(ADJUSTMENT_STATUSES),
  parkReason: z.string().optional(),
  detail: z.string().optional(),
  queuedUri: z.string().optional(),
  sentAt: time.optional(),
  requestedAt: time,
  requestedBy: z.string(),
});

export const conversionAnswer = z
  .object({
    conversionId: z.string(),
    workflowId: z.string().describe('What to look for in the Temporal UI.'),
    campaignEventId: z.string(),
    userId: z.string(),
    occurredAt: time,
    payload: z.record(z.string(), z.unknown()),
    attribution: click.nullable(),
    status,
    reason: z.string().optional(),
    submission: z
      .object({
        state: z.enum(['sending', 'queued', 'rejected']).optional(),
        orderId: z.string(),
        attempts: z.int(),
        sentAt: time,
        queuedUri: z.string().optional(),
      })
      .optional(),
    adjustments: z.array(adjustmentAnswer).optional().describe('Refunds and other amounts, oldest first.'),
    explanation,
    timeline: z.array(
      z.object({ at: time, status, reason: z.string().optional(), detail: z.string().optional() }),
    ),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Conversion' });

export const reverseBody = z.strictObject({
  reason: z.enum(REVERSAL_REASONS).describe("Impact's disposition code: ITEM_RETURNED for a refund."),
});

export const amountBody = z.strictObject({
  totalAmountCents: z
    .int()
    .min(1, 'must be at least 1: an order of which nothing is left is reversed')
    .max(9_999_999_999)
    .describe("The whole new amount in the currency's minor unit, not what is taken off."),
  reason: z.enum(AMOUNT_REASONS).default('ORDER_UPDATE').describe("Impact's code."),
});

const MOST_PER_PAGE = 100;

export const listQuery = z.strictObject({
  status: status
    .optional()
    .describe(
      '`parked` also finds conversions that keep their status while an adjustment of theirs is parked.',
    ),
  event: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('A campaign event, also one that is not deployed any more.'),
  reason: z.string().min(1).max(100).optional().describe('Of the conversion, or of its parked adjustment.'),
  userId: z.string().min(1).max(64).optional(),
  cursor: z.string().max(1_000).optional().describe('`nextCursor` of the page before; opaque.'),
  limit: z.coerce.number().int().min(1).max(MOST_PER_PAGE).default(20).describe('Conversions per page.'),
});

export const conversionsAnswer = z
  .object({
    conversions: z.array(
      z.object({
        conversionId: z.string(),
        campaignEventId: z.string(),
        userId: z.string(),
        status,
        reason: z.string().optional(),
        parkedAdjustment: adjustmentAnswer.pick({ id: true, kind: true, parkReason: true }).optional(),
        orderId: z.string().optional().describe("Impact's OrderId, once it was sent."),
        occurredAt: time,
        createdAt: time,
        updatedAt: time,
      }),
    ),
    nextCursor: z.string().optional().describe('Left out on the last page.'),
  })
  .meta({ id: 'Conversions' });

export const retryBody = z.strictObject({
  restart: z.boolean().optional().describe('Begin an abandoned conversion anew.'),
});

export const abandonBody = z.strictObject({
  reason: z.string().trim().min(1).max(500).describe('Why; it is written into the timeline.'),
});

export const operatedAnswer = z
  .object({
    conversionId: z.string(),
    workflowId: z.string().describe('The workflow that was told, or begun.'),
    effect: z
      .enum(['signalled', 'started', 'recorded'])
      .describe('Its workflow was told; a new run of it was begun; or the ledger alone was written.'),
    status: status.describe('Where it stands now: a workflow that was told acts a moment later.'),
    reason: z.string().optional(),
  })
  .meta({ id: 'OperatedConversion' });

export const publishQuery = z.strictObject({
  dryRun: z.enum(['true', 'false']).optional().describe('`true`: say what would happen, and write nothing.'),
});

export const dryRunAnswer = z
  .object({
    conversionId: z.string(),
    wouldBe: z
      .enum(['reported', 'skipped', 'parked', 'unchanged'])
      .describe(
        '`reported` holds where the worker has Impact credentials, which the API cannot know. `unchanged`: it is in the ledger already.',
      ),
    code: z.string().describe('`reported`, `already_recorded`, or the reason. Stable.'),
    explanation: z.string(),
    request: z
      .record(z.string(), z.string())
      .optional()
      .describe("The form that Impact would get, in Impact's names."),
    existing: status.optional(),
  })
  .meta({ id: 'DryRun' });

const CLOCK_SKEW_MS = 5 * 60_000;

/** One member per campaign event, told apart by `campaignEventId`. */
export function publishBody(campaignEvents: CampaignEvents) {
  const [first, ...others] = campaignEvents.all.map(eventBody);
  if (!first) throw new Error('there is no campaign event');
  return z
    .discriminatedUnion('campaignEventId', [first, ...others], {
      error: `must be one of ${campaignEvents.ids.join(', ')}`,
    })
    .refine(({ userId, clerkId }) => (userId === undefined) !== (clerkId === undefined), {
      path: ['userId'],
      message: 'name the user by exactly one of userId and clerkId',
    });
}

function eventBody(event: CampaignEvent) {
  return z
    .strictObject({
      ...event.payload.shape,
      campaignEventId: z.literal(event.id),
      userId: z.string().min(1).max(64).optional().describe('From GET /v1/me. Either this or `clerkId`.'),
      clerkId: z.string().min(1).max(255).optional(),
      occurredAt: time
        .refine((value) => Date.parse(value) <= Date.now() + CLOCK_SKEW_MS, 'must not be in the future')
        .optional()
        .describe(
          'When it happened; the time of the request, if left out. Impact drops what is older than 88 days.',
        ),
    })
    .describe(event.description);
}
