import { workflowId } from '../../domain/conversion.js';
import { Problem } from '../problem.js';
import type { ApiDeps, Route } from '../route.js';
import { conversionAnswer } from '../schemas.js';

export function getConversion({ db }: ApiDeps): Route<'conversions:read'> {
  return {
    method: 'get',
    path: '/v1/conversions/{conversionId}',
    operationId: 'conversions.get',
    summary: 'Where a conversion stands, how it got there, and why',
    access: 'conversions:read',
    success: { status: 200, description: 'The conversion.', schema: conversionAnswer },
    problems: ['conversion_not_found'],
    async handle({ request }) {
      const conversionId = String(request.params.conversionId);
      const conversion = await db.conversions.findById(conversionId).lean();
      if (!conversion) {
        throw new Problem(
          'conversion_not_found',
          `There is no conversion "${conversionId}". Ids are <event>:<key>.`,
        );
      }
      const { _id, submission, traceparent: _trace, ...rest } = conversion;
      const { inFlightUntil: _internal, ...shown } = submission ?? {};
      return {
        conversionId: _id,
        workflowId: workflowId(_id),
        ...rest,
        ...(submission ? { submission: shown } : {}),
      };
    },
  };
}
