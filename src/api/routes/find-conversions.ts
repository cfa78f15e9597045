import { z } from 'zod';
import { FOUND_BY, findConversions as find } from '../../operations/find-conversions.js';
import { conversionSummary } from '../answers.js';
import { exampleSales } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

const foundConversions = z
  .object({
    foundBy: z
      .enum(FOUND_BY)
      .nullable()
      .describe('What the text is; null where this service knows nothing of it.'),
    clerkId: z.string().optional().describe('Of the user, if it is one alone, and known.'),
    conversions: z.array(conversionSummary).describe('Newest first, at most 100.'),
    hasMore: z.boolean(),
  })
  .meta({ id: 'FoundConversions' });

export function findConversions(deps: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/conversions/find',
    operationId: 'conversions.find',
    summary: 'Find conversions by anything that you have of them',
    description:
      "Tries the text as a conversion id or a workflow id, an order id, a click id, a user's id at the token issuer, a user id, and a UTC day, in this order. " +
      'A click id also finds the conversions of users who came with that click, and whose conversions credit another click.',
    access: 'conversions:read',
    query: z.strictObject({ text: z.string().trim().min(1).max(300).describe('Anything of those.') }),
    examples: { query: { text: exampleSales(deps.programme).reported } },
    success: { status: 200, description: 'The conversions.', schema: foundConversions },
    handle: ({ query: { text } }) => find(deps, text),
  });
}
