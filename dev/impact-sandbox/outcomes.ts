import { z } from 'zod';
import type { TakenSubmission } from './submissions.js';

/** The result of an order's submissions of one type: exactly one of `errorReason`, `attributed` and `stuck`. */
const outcomeSchema = z
  .strictObject({
    orderId: z.string(),
    type: z.enum(['Conversion', 'Modification', 'Reversal']).default('Conversion'),
    /** Codes separated by spaces. help.impact.com knows more codes than the OpenAPI lists, so any code is allowed. */
    errorReason: z
      .string()
      .regex(/^[A-Z_]+( [A-Z_]+)*$/)
      .optional(),
    /** "Only attributed conversions become Actions": the submission completes without an error and without an Action. */
    attributed: z.literal(false).optional(),
    /** The submission stays Queued for as long as this outcome is planned. */
    stuck: z.literal(true).optional(),
  })
  .refine((plan) => Object.keys(plan).length === 3, 'Give one of errorReason, attributed, stuck');

export type Outcome = z.infer<typeof outcomeSchema>;

export function parseOutcome(definition: unknown): Outcome {
  return outcomeSchema.parse(definition);
}

export function createOutcomes() {
  const planned = new Map<string, Outcome>();
  const keyOf = ({ orderId, type }: Pick<TakenSubmission, 'orderId' | 'type'>) => `${type} ${orderId}`;
  return {
    of: (submission: TakenSubmission) => planned.get(keyOf(submission)),
    add: (outcome: Outcome) => planned.set(keyOf(outcome), outcome),
    /** @param orderId null for all orders */
    clear(orderId: string | null): void {
      for (const [key, outcome] of planned)
        if (orderId === null || outcome.orderId === orderId) planned.delete(key);
    },
  };
}
