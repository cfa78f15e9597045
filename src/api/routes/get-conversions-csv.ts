import { z } from 'zod';
import { conversionsCsv } from '../../operations/conversions-csv.js';
import { conversionQuery } from '../conversion-query.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function getConversionsCsv(deps: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/conversions.csv',
    operationId: 'conversions.csv',
    summary: 'Get a list of conversions of any length as CSV',
    description:
      'The filters and the order of `GET /v1/conversions`, without pages. A connection that breaks before its end has cut the file off.',
    access: 'conversions:read',
    query: conversionQuery,
    file: { name: 'conversions.csv', type: 'text/csv' },
    success: {
      status: 200,
      description: 'A line of titles, and a line for each conversion (RFC 4180).',
      schema: z.string(),
    },
    handle: async ({ query }) => conversionsCsv(deps, query),
  });
}
