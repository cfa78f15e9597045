import { z } from 'zod';
import { abandonMany } from '../../operations/abandon-many.js';
import { moveIfConfirmed } from '../../operations/move-many.js';
import { confirm, movedConversions, PREVIEW, parkedFilter, whyAbandoned } from '../answers.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function abandonConversions(deps: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/conversions/abandon',
    operationId: 'conversions.abandonMany',
    summary: 'Abandon all parked conversions, or first see how many',
    description:
      'An abandoned conversion is not reported, and its partner is not paid. Of a reported conversion, only the parked ' +
      'adjustment is abandoned. It answers when Temporal signals them; a retry with `restart` takes it back.',
    access: 'conversions:operate',
    body: z.strictObject({ filter: parkedFilter, reason: whyAbandoned, confirm }),
    examples: { body: { preview: { filter: { reason: 'too_old' }, reason: 'Settled by hand.' } } },
    success: { status: 202, description: 'They are under way.', schema: movedConversions },
    preview: PREVIEW,
    problems: ['preview_changed', 'batch_running', 'temporal_unavailable'],
    handle: async ({ principal, body: { filter, reason, confirm } }) =>
      moveIfConfirmed(abandonMany(deps, filter, { by: principal.subject, reason }), confirm),
  });
}
