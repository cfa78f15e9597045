import { z } from 'zod';
import { listConversions } from '../../ledger/list-conversions.js';
import { toFilter } from '../../operations/query-conversions.js';
import { withOutcomes } from '../../operations/with-outcomes.js';
import { conversionSummary } from '../answers.js';
import { conversionQuery } from '../conversion-query.js';
import { nextCursor, pageQuery } from '../page-query.js';
import { type ApiDeps, defineRoute } from '../route.js';

const conversionPage = z
  .object({
    conversions: z.array(conversionSummary),
    nextCursor,
  })
  .meta({ id: 'Conversions' });

export function getConversions(deps: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/conversions',
    operationId: 'conversions.list',
    summary: 'List conversions, newest first',
    description:
      '`?status=parked` lists the conversions that wait for an operator. Filters combine; with `occurredFrom` or `occurredTo`, the order is that of the events.',
    access: 'conversions:read',
    query: conversionQuery.extend(pageQuery),
    success: { status: 200, description: 'One page of conversions.', schema: conversionPage },
    async handle({ query: { cursor, limit, ...query } }) {
      const page = await listConversions(deps.db, await toFilter(deps, query), { cursor, limit });
      return { ...page, conversions: await withOutcomes(deps.db, page.conversions) };
    },
  });
}
