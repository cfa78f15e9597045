import { z } from 'zod';
import { defineRoute } from '../route.js';
import { shownUser, shownUserSchema } from '../shown-user.js';

const user = shownUserSchema
  .extend({
    impersonated: z
      .literal(true)
      .optional()
      .describe("The session impersonates the user: the request's click id was ignored."),
  })
  .meta({ id: 'User' });

export function getMe() {
  return defineRoute({
    method: 'get',
    writes: true,
    path: '/v1/me',
    operationId: 'user.get',
    summary: 'Get the signed-in user',
    description:
      'The first request creates the user and records the signup. An impersonated session (`act` in its token) ' +
      'reads a user who exists, and changes nothing.',
    access: 'user',
    readsForImpersonators: true,
    success: { status: 200, description: 'The user.', schema: user },
    handle: async ({ user, principal: { impersonated } }) => ({
      ...shownUser(user),
      ...(impersonated ? { impersonated } : {}),
    }),
  });
}
