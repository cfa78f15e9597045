import { z } from 'zod';
import { eraseUser } from '../../operations/erase-user.js';
import { time } from '../answers.js';
import { EXAMPLE } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

const erasedUser = z
  .object({
    userId: z.string(),
    erasedAt: time,
    conversions: z
      .int()
      .min(1)
      .describe(
        'How many conversions the ledger keeps without the person. The signup is always one of them.',
      ),
  })
  .meta({ id: 'ErasedUser' });

export function deleteUser(deps: ApiDeps) {
  return defineRoute({
    method: 'delete',
    path: '/v1/users/{clerkId}',
    operationId: 'users.erase',
    summary: 'Erase a user, the clicks, and the hashes of the e-mail address',
    description:
      'By the id that the token issuer gave the user. URL-encode it. Conversions stay with order, amount, times and states; those ' +
      'that were not sent to Impact are not sent any more. Idempotent. A person of whom only held conversions are known is erased, too. ' +
      'A session token from before creates no user again; a later one creates a new user.',
    access: 'users:write',
    examples: { pathId: EXAMPLE.erasedClerkId },
    success: { status: 200, description: 'Erased, now or before.', schema: erasedUser },
    problems: ['user_not_found', 'temporal_unavailable'],
    handle: ({ request }) => eraseUser(deps, String(request.params.clerkId)),
  });
}
