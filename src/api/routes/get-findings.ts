import { z } from 'zod';
import { listFindings } from '../../audit/find-findings.js';
import { shownFinding } from '../../domain/findings.js';
import { finding, findingQuery, toFindingFilter } from '../finding.js';
import { nextCursor, pageQuery } from '../page-query.js';
import { type ApiDeps, defineRoute } from '../route.js';

const findingPage = z.object({ findings: z.array(finding), nextCursor }).meta({ id: 'Findings' });

export function getFindings({ db }: ApiDeps) {
  return defineRoute({
    method: 'get',
    path: '/v1/findings',
    operationId: 'audits.findings',
    summary: 'List the findings of audits, newest first',
    description: '`?state=open` lists what no operator has acknowledged yet.',
    access: 'conversions:read',
    query: findingQuery.extend(pageQuery),
    success: { status: 200, description: 'One page of findings.', schema: findingPage },
    async handle({ query: { cursor, limit, ...query } }) {
      const page = await listFindings(db, toFindingFilter(query), { cursor, limit });
      return { ...page, findings: page.findings.map(shownFinding) };
    },
  });
}
