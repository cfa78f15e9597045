import { z } from 'zod';
import type { FindingFilter } from '../audit/find-findings.js';
import { FINDING_KINDS, FINDING_STATES } from '../domain/findings.js';
import { time } from './answers.js';

export const findingKind = z.enum(FINDING_KINDS);

export const findingState = z.enum(FINDING_STATES);

/** A decimal in major units: a total, or a difference, which may be negative. */
export const decimalAmount = z.string().meta({ examples: ['-49.00'] });

const money = z.object({ amount: decimalAmount, currency: z.string() });

/** A finding of an audit, as `shownFinding` shows it. */
export const finding = z.object({
  findingId: z
    .string()
    .meta({ examples: ['amount_differs:99999:A-1'] })
    .describe('`<kind>:<actionTrackerId>:<orderId>`: the same in every audit.'),
  kind: findingKind,
  state: findingState.describe('Only an `open` one can raise an alert.'),
  orderId: z.string(),
  actionTrackerId: z.int(),
  conversionId: z.string().optional().describe('Absent for an order that the ledger does not have.'),
  status: z.string().optional().describe("The conversion's status, when it was last met."),
  actionIds: z.array(z.string()).describe("Impact's ids of the Actions that it is about."),
  detail: z.string(),
  amounts: z
    .object({
      ledger: money.optional().describe('Absent for an order that is not reported, or is reversed.'),
      impact: money.optional().describe("The sum of the order's live Actions."),
      difference: money.optional().describe("Impact's amount minus the ledger's, in one currency."),
    })
    .describe('Decimals in major units, when it was last met.'),
  outcome: z.string().describe('What it means for the partner, in one sentence.'),
  advice: z
    .string()
    .optional()
    .describe('What an affiliate manager can do; absent if there is nothing to do.'),
  next: z.string().describe('What an operator can do.'),
  happenedAt: time,
  firstSeenAt: time.describe('When the first audit that met it began.'),
  lastSeenAt: time,
  lastAuditId: z.string(),
  closedAt: time.optional(),
  acknowledgements: z
    .array(z.object({ at: time, by: z.string(), reason: z.string() }))
    .describe('Oldest first; none is ever removed.'),
});

/** The filters of every list of findings. */
export const findingQuery = z.strictObject({
  state: findingState.optional().describe('Only those in this state.'),
  kind: findingKind.optional().describe('Only those of this kind.'),
  difference: z
    .enum(['true', 'false'])
    .optional()
    .describe('`true`: only those in which the ledger and Impact differ; `false`: only the others.'),
  conversionId: z.string().min(1).max(300).optional().describe('Only those about this conversion.'),
});

export function toFindingFilter({ difference, ...filter }: z.output<typeof findingQuery>): FindingFilter {
  return { ...filter, isDifference: difference === undefined ? undefined : difference === 'true' };
}
