import { describe, expect, it } from 'vitest';
import { DomainError } from '../../src/domain/errors.js';
import { parkedQuery } from '../../src/temporal/parked-query.js';

describe('the query for parked workflows', () => {
  it('finds conversions and refunds alike, as long as they run', () => {
    expect(parkedQuery({})).toBe('ConversionStatus = "Parked" AND ExecutionStatus = "Running"');
  });

  it('is narrowed down by reason and event', () => {
    expect(parkedQuery({ reason: 'impact_refused', event: 'signup' })).toBe(
      'ConversionStatus = "Parked" AND ExecutionStatus = "Running" AND ParkReason = "impact_refused" AND CampaignEvent = "signup"',
    );
  });

  it.each(['', 'a" OR "a" = "a', "a'", 'a b', 'a\\', 'x'.repeat(65)])('takes words alone: %j', (value) => {
    for (const filter of [{ reason: value }, { event: value }])
      expect(() => parkedQuery(filter)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    expect(() => parkedQuery({ reason: value })).toThrow(DomainError);
  });
});
