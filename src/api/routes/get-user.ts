import { z } from 'zod';
import { explainUser } from '../../operations/explain-user.js';
import { click, conversionSummary, time, why } from '../answers.js';
import { EXAMPLE } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

const explainedUser = z
  .object({
    clerkId: z.string(),
    userId: z.string(),
    createdAt: time.optional().describe('Absent after an erasure.'),
    erasedAt: time.optional().describe('When the user was erased; absent once the person is a user again.'),
    clicks: z
      .array(
        click.extend({
          clickedAt: time.optional().describe("When the visitor landed, by the visitor's own clock."),
        }),
      )
      .describe('The clicks that brought the user, oldest first: the very first one, and the last 19.'),
    hasForgottenClicks: z.boolean().describe('There were more clicks between the first and the second one.'),
    conversions: z.array(conversionSummary.extend({ why })).describe('Newest first, at most 100.'),
    hasMore: z.boolean(),
  })
  .meta({ id: 'ExplainedUser' });

export function getUser(deps: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/users/{clerkId}',
    operationId: 'users.get',
    summary: "Get a user's clicks, and why each conversion has the click that it has",
    description:
      'By the id that the token issuer gave the user. URL-encode it. Of an erased user only the conversions are left.',
    access: 'conversions:read',
    examples: { pathId: EXAMPLE.clerkId },
    success: { status: 200, description: 'The user.', schema: explainedUser },
    problems: ['user_not_found'],
    async handle({ request }) {
      const { clicks, ...user } = await explainUser(deps, String(request.params.clerkId));
      return { ...user, clicks: clicks.map(({ provider: _network, ...shown }) => shown) };
    },
  });
}
