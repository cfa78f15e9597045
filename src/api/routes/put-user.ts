import { z } from 'zod';
import { clerkId, clickId, pastTime } from '../../domain/fields.js';
import { customerEmail } from '../../domain/programme/customer-email.js';
import { putUser as put } from '../../users/put-user.js';
import { conversionState, shownState } from '../answers.js';
import { EXAMPLE } from '../examples.js';
import { parse } from '../read-input.js';
import { type ApiDeps, defineRoute } from '../route.js';
import { shownUser, shownUserSchema } from '../shown-user.js';

const inPath = z.object({ clerkId });

const userBody = z
  .strictObject({
    clickId: clickId
      .optional()
      .describe('The click id from the URL, decoded once. Opaque and case-sensitive.'),
    clickedAt: pastTime
      .optional()
      .describe(
        'When the click was captured, ISO 8601 with an offset. By default the click counts as captured at `signedUpAt`, if that is ' +
          'sent, and otherwise at the request.',
      ),
    signedUpAt: pastTime
      .optional()
      .describe('When the user signed up, ISO 8601 with an offset; by default the time of the request.'),
    customerEmail,
    existing: z
      .boolean()
      .optional()
      .describe('`true`: the user was there before this service, so that no signup is made.'),
  })
  .refine(({ clickId, clickedAt }) => clickId !== undefined || clickedAt === undefined, {
    path: ['clickedAt'],
    message: 'goes with clickId',
  })
  .meta({ dependentRequired: { clickedAt: ['clickId'] } });

const putUserAnswer = shownUserSchema
  .extend({
    created: z.boolean().describe('Whether this request created the user.'),
    signup: conversionState
      .optional()
      .describe('The signup, as the ledger has it now; absent if none was made.'),
  })
  .meta({ id: 'PutUser' });

export function putUser(deps: ApiDeps) {
  return defineRoute({
    method: 'put',
    path: '/v1/users/{clerkId}',
    operationId: 'users.put',
    summary: 'Create a user with the signup, or store the click of a known user',
    description:
      'Does what the first request of a session does, from a backend, a webhook or the server of an app, in any order with it. ' +
      'Idempotent: the signup is made once, with the user. Of a known user, the click alone is stored: it takes its place by the ' +
      'time of its capture, so that an older one never becomes the newest, and the newest one again changes nothing. ' +
      'Conversions keep the click that they have. `customerEmail` goes into the signup until that is sent. URL-encode the id.',
    access: 'users:write',
    body: userBody,
    examples: {
      pathId: 'user_from_a_backend',
      body: { signup: { clickId: EXAMPLE.clickId, customerEmail: 'kim@example.com' } },
    },
    success: { status: 200, description: 'The user as it is now.', schema: putUserAnswer },
    problems: ['user_erased', 'concurrent_update'],
    async handle({ request, body: { clickedAt, signedUpAt, ...body } }) {
      const { clerkId } = parse(inPath, request.params, 'path');
      const times = { clickedAt: dateOf(clickedAt), signedUpAt: dateOf(signedUpAt) };
      const { user, created, pending, signup } = await put(deps, { clerkId, ...times, ...body });
      for (const conversion of pending) deps.starter.wakeSoon(conversion);
      return {
        ...shownUser(user),
        created,
        ...(signup && { signup: shownState(signup) }),
      };
    },
  });
}

function dateOf(time: string | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(time);
}
