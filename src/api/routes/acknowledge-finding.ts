import { z } from 'zod';
import { acknowledgeFinding as acknowledge } from '../../audit/acknowledge-finding.js';
import { shownFinding } from '../../domain/findings.js';
import { operatorReason } from '../answers.js';
import { exampleFinding } from '../examples.js';
import { finding } from '../finding.js';
import { type ApiDeps, defineRoute } from '../route.js';

export function acknowledgeFinding({ db, programme }: ApiDeps) {
  return defineRoute({
    method: 'post',
    path: '/v1/findings/{findingId}/acknowledge',
    operationId: 'audits.acknowledge',
    summary: 'Acknowledge a finding, so that it raises no alert any more',
    description:
      'It stays acknowledged until an audit does not meet it any more, or meets it with other amounts. ' +
      'Another acknowledgement adds an entry, unless it is the newest one again. URL-encode the id: it may contain a slash.',
    access: 'conversions:operate',
    body: z.strictObject({
      reason: operatorReason.describe('Why it may stay; the finding keeps it.'),
    }),
    examples: {
      pathId: exampleFinding(programme),
      body: { agreed: { reason: 'The partner is paid by hand.' } },
    },
    success: {
      status: 200,
      description: 'The finding as it is now.',
      schema: finding.meta({ id: 'Finding' }),
    },
    problems: ['finding_not_found', 'finding_closed'],
    async handle({ request, principal, body }) {
      const note = { by: principal.subject, ...body };
      return shownFinding(await acknowledge(db, String(request.params.findingId), note));
    },
  });
}
