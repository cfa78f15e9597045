import { z } from 'zod';
import { walkList } from '../../audit/find-findings.js';
import { findingsCsv } from '../../audit/findings-csv.js';
import { findingQuery, toFindingFilter } from '../finding.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function getFindingsCsv({ db }: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/findings.csv',
    operationId: 'audits.csv',
    summary: 'Get a list of findings of any length as CSV',
    description:
      'The filters and the order of `GET /v1/findings`, without pages. A connection that breaks before its end has cut the file off.',
    access: 'conversions:read',
    query: findingQuery,
    file: { name: 'findings.csv', type: 'text/csv' },
    success: {
      status: 200,
      description: 'A line of titles, and a line for each finding (RFC 4180).',
      schema: z.string(),
    },
    handle: async ({ query }) => findingsCsv(walkList(db, toFindingFilter(query))),
  });
}
