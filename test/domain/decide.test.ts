import { describe, expect, it } from 'vitest';
import { planReport } from '../../src/domain/decide.js';
import { signup } from '../support/programme.js';

const occurredAt = new Date('2026-08-01T00:00:00.000Z');
const click = { provider: 'impact', clickId: 'click', capturedAt: occurredAt } as const;
const LIMIT_MS = 88 * 86_400_000;

function planAfter(ms: number) {
  const conversion = { userId: 'u', payload: {}, occurredAt };
  return planReport(signup, conversion, click, new Date(occurredAt.getTime() + ms));
}

describe('the report of a conversion', () => {
  it('is when it happened, whose click it was, and by which order id to find it', () => {
    expect(planAfter(0)).toEqual({
      report: {
        campaignId: 48046,
        actionTrackerId: 68897,
        clickId: 'click',
        orderId: 'signup-u',
        eventDate: occurredAt,
        customerId: 'u',
        customerStatus: 'New',
      },
    });
  });

  it('is something until the last moment of 88 days, and nothing after it', () => {
    expect(planAfter(LIMIT_MS).report).not.toBeNull();
    expect(planAfter(LIMIT_MS + 1)).toMatchObject({
      report: null,
      reason: 'too_old',
      detail: expect.stringContaining('2026-08-01T00:00:00.000Z'),
    });
  });
});
