import { expect, it } from 'vitest';
import { parkAdvice } from '../../src/domain/park-reasons.js';
import type { ImpactErrorCode } from '../../src/impact/errors.js';

// The compiler wants every code here.
const IMPACT_ERROR_CODES: Record<ImpactErrorCode, true> = {
  impact_refused: true,
  credentials_rejected: true,
  impact_rate_limited: true,
  impact_unavailable: true,
  impact_unreachable: true,
  impact_timeout: true,
  impact_unreadable: true,
};

const OURS = [
  'provider_not_configured',
  'worker_timeout',
  'unconfirmed',
  'too_old',
  'no_attribution',
  'unknown_campaign_event',
  'conversion_not_found',
  'workflow_terminated',
  'workflow_lost',
  'unexpected_error',
];

it('has words of its own for each reason for which something is parked', () => {
  const told = [...Object.keys(IMPACT_ERROR_CODES), ...OURS].map((reason) => parkAdvice(reason).happened);
  expect(new Set(told).size).toBe(told.length);
  expect(told).not.toContain(parkAdvice('contract_not_found').happened);
});

it('takes any other reason for what Impact said when it turned a submission down', () => {
  expect(parkAdvice('contract_not_found').happened).toMatch(/turned it down/);
});
