import { z } from 'zod';
import { outcomeOf } from '../../domain/outcome.js';
import { countConversions as count } from '../../ledger/count-conversions.js';
import { status } from '../answers.js';
import { decimal } from '../page-query.js';
import { type ApiDeps, defineRoute } from '../route.js';

const conversionCounts = z
  .object({
    days: z.array(z.iso.date()).describe('UTC days, oldest first; the last one is today.'),
    groups: z.array(
      z.object({
        status,
        reason: z.string().optional().describe('Absent for the conversions of the status without a reason.'),
        outcome: z.string().describe("What happened, in an affiliate manager's words."),
        count: z.int().describe('Of all times.'),
        perDay: z.array(z.int()).describe('How many of them were recorded on each of `days`.'),
      }),
    ),
  })
  .meta({ id: 'ConversionCounts' });

export function countConversions({ db }: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/conversions/counts',
    operationId: 'conversions.count',
    summary: 'Count conversions by status and reason, with a number per day',
    description: 'A conversion counts with its state of now, on the day on which it was recorded.',
    access: 'conversions:read',
    query: z.strictObject({
      days: decimal(z.int('must be a decimal number').min(1).max(90).default(30)).describe(
        'How many of the last days, today included.',
      ),
    }),
    success: { status: 200, description: 'The counts.', schema: conversionCounts },
    async handle({ query }) {
      const { days, groups } = await count(db, query.days);
      const now = new Date();
      return { days, groups: groups.map((group) => ({ ...group, outcome: outcomeOf(group, now).outcome })) };
    },
  });
}
