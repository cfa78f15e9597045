import { z } from 'zod';
import { dryRunConversion as dryRun } from '../../operations/dry-run.js';
import { status } from '../answers.js';
import { publishExamples } from '../examples.js';
import { publishBody } from '../publish-body.js';
import { type ApiDeps, defineRoute } from '../route.js';

const dryRunResult = z
  .object({
    conversionId: z.string(),
    wouldBe: z
      .enum(['reported', 'skipped', 'parked', 'unchanged', 'reversed'])
      .describe(
        '`reported` requires that the worker has Impact credentials, which the API does not know. ' +
          '`unchanged`: the ledger already has the conversion. `reversed`: a refund of it came before it.',
      ),
    code: z.string().describe('`reported`, `already_recorded`, or the reason. Stable.'),
    explanation: z.string(),
    request: z
      .record(z.string(), z.string())
      .optional()
      .describe("The form that Impact would receive, with Impact's field names and units."),
    existing: status.optional().describe('Status of the conversion that the ledger already has.'),
  })
  .meta({ id: 'DryRun' });

export function dryRunConversion(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions/dry-run',
    operationId: 'conversions.dryRun',
    summary: 'Show what publishing a conversion would do',
    description: 'Makes the same decisions as publishing, and writes and sends nothing.',
    access: 'conversions:publish',
    body: publishBody(deps.programme),
    examples: { body: publishExamples(deps.programme) },
    success: { status: 200, description: 'The decision and its reason.', schema: dryRunResult },
    problems: ['unknown_campaign_event', 'amount_too_high', 'conversion_conflict'],
    handle: ({ body }) => dryRun(deps, body),
  });
}
