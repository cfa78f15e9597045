import { workflowId } from '../../domain/conversion.js';
import { findConversion } from '../../ledger/find-conversion.js';
import { explainConversion } from '../../operations/explain-conversion.js';
import type { ApiDeps, Route } from '../route.js';
import { conversionAnswer } from '../schemas.js';

export function getConversion({ db, campaignEvents }: ApiDeps): Route<'conversions:read'> {
  return {
    method: 'get',
    path: '/v1/conversions/{conversionId}',
    operationId: 'conversions.get',
    summary: 'Where a conversion stands, how it got there, and why',
    access: 'conversions:read',
    success: { status: 200, description: 'The conversion.', schema: conversionAnswer },
    problems: ['conversion_not_found'],
    async handle({ request }) {
      const conversion = await findConversion(db, String(request.params.conversionId));
      const { code, meaning, action } = explainConversion(conversion, campaignEvents);
      const { _id, submission, traceparent: _trace, timeline, ...rest } = conversion;
      const { inFlightUntil: _inFlight, followUntil: _followed, ...shown } = submission ?? {};
      return {
        conversionId: _id,
        workflowId: workflowId(_id),
        ...rest,
        ...(submission ? { submission: shown } : {}),
        explanation: { code, text: meaning, next: action },
        timeline,
      };
    },
  };
}
