import { z } from 'zod';
import type { Submission } from './submissions.js';

/** Codes separated by spaces; help.impact.com knows more of them than the OpenAPI lists, so any will do. */
const errorReason = z.string().regex(/^[A-Z][A-Z_]*( [A-Z][A-Z_]*)*$/, 'Not error codes separated by spaces');

export const outcomeSchema = z
  .strictObject({
    orderId: z.string(),
    type: z.enum(['Conversion', 'Modification', 'Reversal']).default('Conversion'),
    errorReason: errorReason.optional(),
    errorType: z.enum(['Validation', 'Contract Error']).optional(),
    /** "Only attributed conversions become Actions": complete without an error, and no Action. */
    attributed: z.literal(false).optional(),
    /** Stays Queued for as long as this outcome is planned. */
    stuck: z.literal(true).optional(),
  })
  .refine(
    (plan) => [plan.errorReason, plan.attributed, plan.stuck].filter((it) => it !== undefined).length === 1,
    {
      path: ['errorReason'],
      error: 'Give one of errorReason, attributed, stuck',
    },
  );

export type Outcome = z.infer<typeof outcomeSchema>;
export type Outcomes = ReturnType<typeof createOutcomes>;

/** What becomes of an order's submissions, whenever they are processed: one plan for each type of submission. */
export function createOutcomes() {
  const planned = new Map<string, Outcome>();
  const keyOf = ({ orderId, type }: Pick<Submission, 'orderId' | 'type'>) => `${type} ${orderId}`;
  return {
    list: () => [...planned.values()],
    of: (submission: Submission) => planned.get(keyOf(submission)),

    plan(outcome: Outcome): Outcome {
      planned.set(keyOf(outcome), outcome);
      return outcome;
    },

    clear(orderId?: string): void {
      for (const [key, outcome] of planned)
        if (orderId === undefined || outcome.orderId === orderId) planned.delete(key);
    },
  };
}
