import { z } from 'zod';
import { clickId, time } from '../../domain/fields.js';
import { landedBeforeSignup, storeClick } from '../../users/update-affiliate-attribution.js';
import { EXAMPLE } from '../examples.js';
import { type ApiDeps, defineRoute } from '../route.js';

export const clickIdBody = z.strictObject({
  clickId: clickId.describe('The click id from the URL, decoded once. Opaque and case-sensitive.'),
  // It comes from a visitor's clock. A time in the future is valid: refusing it would lose the click as well.
  clickedAt: time
    .optional()
    .describe(
      'When the visitor landed with this click id, ISO 8601 with an offset: no event before that belongs to the click. ' +
        'A landing before the signup attributes the signup for SIGNUP_ATTRIBUTION_GRACE seconds after it, if the user has no click yet.',
    ),
});

export function putAffiliateAttribution(deps: ApiDeps) {
  return defineRoute({
    method: 'put',
    path: '/v1/me/affiliate-attribution',
    operationId: 'user.setAffiliateAttribution',
    summary: 'Store the click that brought the signed-in user',
    description:
      'The last click wins, unless the programme credits the first one. Conversions keep the click that they have. Those of ' +
      'the five minutes before the call that were skipped for want of a click get this one.',
    access: 'user',
    body: clickIdBody,
    examples: { body: { click: { clickId: EXAMPLE.clickId } } },
    success: { status: 204, description: 'Stored; the client may clear its cookie.' },
    clickInBody: (body) => ({ clickId: body.clickId, ledToSignup: landedBeforeSignup(clickOf(body)) }),
    async handle({ user, body }) {
      const { pending } = await storeClick(deps, user, clickOf(body));
      for (const conversion of pending) deps.starter.wakeSoon(conversion);
    },
  });
}

function clickOf({ clickId, clickedAt }: z.output<typeof clickIdBody>) {
  return { clickId, clickedAt: clickedAt === undefined ? undefined : new Date(clickedAt) };
}
