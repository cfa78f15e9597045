import { z } from 'zod';
import { moveIfConfirmed } from '../../operations/move-many.js';
import { retryMany } from '../../operations/retry-many.js';
import { confirm, movedConversions, PREVIEW, parkedFilter, status } from '../answers.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function retryConversions(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions/retry',
    operationId: 'conversions.retryMany',
    summary: 'Retry many conversions, or first see how many',
    description:
      'Retries parked conversions, and with the reason `provider_not_configured` also those that were skipped for it. `restart` ' +
      'reports abandoned, declined or skipped ones after all. Idempotent: several retries report a conversion once. ' +
      'It answers when the retries are under way.',
    access: 'conversions:operate',
    body: z.strictObject({
      filter: parkedFilter.extend({
        status: status
          .optional()
          .describe(
            'With `restart`: abandoned, declined or skipped (which also needs a `reason`). Without: parked, or skipped.',
          ),
      }),
      restart: z
        .boolean()
        .optional()
        .describe('`true` reports conversions after all that were decided against.'),
      confirm,
    }),
    examples: { body: { preview: { filter: { reason: 'impact_refused' } } } },
    success: { status: 202, description: 'They are under way.', schema: movedConversions },
    preview: PREVIEW,
    problems: ['preview_changed', 'batch_running', 'temporal_unavailable'],
    handle: async ({ principal, body: { filter, restart, confirm } }) =>
      moveIfConfirmed(retryMany(deps, filter, { by: principal.subject, restart }), confirm),
  });
}
