import { z } from 'zod';
import { findingsOf } from '../../audit/find-findings.js';
import { workflowId } from '../../domain/conversion.js';
import { shownFinding } from '../../domain/findings.js';
import { findConversion } from '../../ledger/find-conversion.js';
import { explainConversion } from '../../operations/explain-conversion.js';
import { explainClick } from '../../operations/explain-user.js';
import { requestOf, windowOf } from '../../operations/show-report.js';
import {
  adjustment,
  click,
  conversionState,
  erasedAt,
  shownAdjustment,
  status,
  time,
  why,
} from '../answers.js';
import { exampleSales } from '../examples.js';
import { finding } from '../finding.js';
import { type ApiDeps, defineRoute } from '../route.js';

const submission = z.object({
  state: z.enum(['sending', 'queued', 'rejected']).optional(),
  orderId: z.string().describe("Impact's `OrderId`."),
  attempts: z.int(),
  sentAt: time,
  queuedUri: z.string().optional().describe("Impact's address of the queued request, for their support."),
});

const explanation = z.object({
  code: z.string().describe('Stable: the reason, or the status.'),
  text: z.string().describe('The code in words, with the data of this conversion.'),
  next: z.string().optional().describe('What an operator can do; absent if there is nothing to do.'),
  outcome: z.string().describe("What happened, in an affiliate manager's words."),
  advice: z.string().optional().describe('What an affiliate manager can do, or tell the partner.'),
});

const referralWindow = z.object({
  capturedAt: time,
  occurredAt: time,
  windowDays: z.int().nullable().describe("null: this service checks no window; Impact's contract decides."),
  closesAt: time.optional(),
  isInside: z.boolean(),
});

const conversionDetails = z
  .object({
    ...conversionState.shape,
    workflowId: z.string().describe('The workflow to open in the Temporal UI.'),
    campaignEventId: z.string(),
    userId: z.string(),
    occurredAt: time,
    payload: z
      .record(z.string(), z.unknown())
      .describe("As published; `totalAmountCents` is in the currency's minor unit."),
    attribution: click
      .extend({ provider: z.literal('impact').describe('The affiliate network.') })
      .nullable()
      .describe('The click that held at `occurredAt`.'),
    clerkId: z.string().optional().describe('Of the user; absent while this service does not know the user.'),
    why: why.optional().describe('Why it has this click, or none; absent without a known user.'),
    window: referralWindow
      .optional()
      .describe('The referral window of the click, by the programme of today; absent without a click.'),
    request: z
      .record(z.string(), z.string())
      .optional()
      .describe(
        "The form that Impact got with the last attempt, or would get now, without the hash of the customer's e-mail address; absent where it would get none.",
      ),
    submission: submission.optional(),
    adjustments: z.array(adjustment).optional().describe('Refunds and new amounts, oldest first.'),
    explanation,
    findings: z.array(finding).describe('What audits have found about it, and is not closed; newest first.'),
    timeline: z
      .array(z.object({ at: time, status, reason: z.string().optional(), detail: z.string().optional() }))
      .describe('Oldest first.'),
    erasedAt: erasedAt.optional(),
    createdAt: time,
    updatedAt: time,
  })
  .meta({ id: 'Conversion' });

export function getConversion({ db, programme }: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/conversions/{conversionId}',
    operationId: 'conversions.get',
    summary: 'Get a conversion: its status, timeline and explanation',
    description: 'URL-encode the id: it may contain a slash.',
    access: 'conversions:read',
    examples: { pathId: exampleSales(programme).reported },
    success: { status: 200, description: 'The conversion.', schema: conversionDetails },
    problems: ['conversion_not_found'],
    async handle({ request }) {
      const conversion = await findConversion(db, String(request.params.conversionId));
      const findings = await findingsOf(db, conversion._id);
      const { code, meaning, action, outcome, advice } = explainConversion(conversion, findings);
      const { _id, submission, adjustments, traceparent: _trace, timeline, ...rest } = conversion;
      const { inFlightUntil: _inFlight, followUntil: _followed, ...shown } = submission ?? {};
      return {
        conversionId: _id,
        workflowId: workflowId(_id),
        ...rest,
        ...(await explainClick({ db, programme }, conversion)),
        ...(submission ? { submission: shown } : {}),
        ...(adjustments ? { adjustments: adjustments.map(shownAdjustment) } : {}),
        window: windowOf(programme, conversion),
        request: requestOf(programme, conversion),
        explanation: { code, text: meaning, next: action, outcome, advice },
        findings: findings.map(shownFinding),
        timeline,
      };
    },
  });
}
