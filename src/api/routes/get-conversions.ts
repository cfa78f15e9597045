import type { z } from 'zod';
import { listConversions } from '../../ledger/list-conversions.js';
import type { ApiDeps, Route } from '../route.js';
import { conversionsAnswer, listQuery } from '../schemas.js';

type Query = z.infer<typeof listQuery>;

export function getConversions({ db }: ApiDeps): Route<'conversions:read', unknown, Query> {
  return {
    method: 'get',
    path: '/v1/conversions',
    operationId: 'conversions.list',
    summary: 'Conversions, newest first, page by page; `?status=parked` is what waits for a human',
    access: 'conversions:read',
    query: listQuery,
    success: { status: 200, description: 'One page.', schema: conversionsAnswer },
    problems: [],
    async handle({ query: { cursor, limit, ...filter } }) {
      return listConversions(db, filter, { cursor, limit });
    },
  };
}
