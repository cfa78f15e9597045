import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Adjustment } from '../../src/domain/adjustment.js';
import { campaignEvents } from '../../src/domain/campaign-events/index.js';
import { createCampaignEvents } from '../../src/domain/campaign-events/registry.js';
import { CONVERSION_STATUSES, type Conversion, SKIP_REASONS } from '../../src/domain/conversion.js';
import { SUBMISSION_REASONS } from '../../src/impact/submission-reasons.js';
import { explainConversion } from '../../src/operations/explain-conversion.js';
import { MEANINGS } from '../../src/operations/explanations.js';

const occurredAt = new Date('2026-11-02T00:00:00Z');

function conversion(fields: Partial<Conversion>): Conversion {
  return {
    _id: 'sale_subscription:A-1',
    campaignEventId: 'sale_subscription',
    userId: '65f000000000000000000001',
    occurredAt,
    payload: {},
    attribution: { provider: 'impact', clickId: 'click', capturedAt: new Date('2026-09-01T00:00:00Z') },
    status: 'pending',
    timeline: [],
    createdAt: occurredAt,
    updatedAt: occurredAt,
    ...fields,
  };
}

const explain = (fields: Partial<Conversion>) => explainConversion(conversion(fields), campaignEvents);
const sent = { orderId: 'A-1', attempts: 3, sentAt: occurredAt };

/** Every code in snake case that the given files have in quotes. */
function codesIn(...folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.ts') && name !== 'audit.ts')
      .map((name) => `${folder}/${name}`),
  );
  const codes = files.flatMap(
    (file) => readFileSync(file, 'utf8').match(/(?<=')[a-z]+(?:_[a-z]+)+(?=')/g) ?? [],
  );
  return [...new Set(codes)];
}

describe('the explanation', () => {
  const WITHOUT_REASON = CONVERSION_STATUSES.filter((status) => status !== 'skipped' && status !== 'parked');

  it.each(WITHOUT_REASON)('of a conversion that is %s has that code', (status) => {
    expect(explain({ status })).toMatchObject({ code: status, explanation: expect.stringMatching(/\w{3}/) });
  });

  it.each(SKIP_REASONS)('of a conversion that was skipped, %s, has that code', (reason) => {
    const { code, explanation } = explain({ status: 'skipped', reason });
    expect({ code, known: MEANINGS.has(reason) }).toEqual({ code: reason, known: true });
    expect(explanation).not.toContain('no words for');
  });

  it.each(codesIn('activities', 'workflows', 'src/impact').filter((code) => code !== 'may_have_arrived'))(
    'has words for %s, as the code may write it into the ledger',
    (reason) => {
      expect(MEANINGS.get(reason)).toMatchObject({ whatNext: expect.stringMatching(/\w{3}/) });
    },
  );

  it.each(Object.entries(SUBMISSION_REASONS))('of %s says what Impact means by it', (code, { meaning }) => {
    expect(explain({ status: 'parked', reason: code.toLowerCase() })).toMatchObject({
      code: code.toLowerCase(),
      explanation: expect.stringContaining(meaning),
      whatNext: expect.stringMatching(/retry/i),
    });
  });

  it('of what is parked always says what to do next', () => {
    for (const [code, { whatNext }] of MEANINGS) {
      const settled = ['confirmed', 'reversed'].includes(code);
      expect([code, whatNext !== undefined]).toEqual([code, !settled]);
    }
  });

  it('says so where it has no words for a reason', () => {
    const { code, explanation } = explain({ status: 'parked', reason: 'brand_new' });
    expect({ code, explanation }).toEqual({
      code: 'brand_new',
      explanation: expect.stringContaining('"brand_new", which this version has no words for'),
    });
  });
});

describe('the explanation of what is under way', () => {
  it('tells a first attempt from one that failed before', () => {
    const inFlightUntil = new Date(Date.now() + 30_000);
    expect(
      explain({ status: 'reporting', submission: { ...sent, state: 'sending', inFlightUntil } }).code,
    ).toBe('reporting');
    const failed = { ...sent } as Conversion['submission'];
    expect(explain({ status: 'reporting', ...(failed ? { submission: failed } : {}) })).toMatchObject({
      code: 'retrying',
      explanation: expect.stringContaining('Attempt 3: 2026-11-02T00:00:00.000Z.'),
    });
  });

  it('says that an attempt may have arrived', () => {
    const { code } = explain({ status: 'reporting', submission: { ...sent, state: 'sending' } });
    expect(code).toBe('may_have_arrived');
  });
});

describe('the explanation of one conversion', () => {
  it('has the arithmetic of the referral window, to the second', () => {
    expect(explain({ status: 'skipped', reason: 'outside_referral_window' }).explanation).toContain(
      '5356800 s later, 2764800 s after the 30-day window (2592000 s) closed.',
    );
  });

  it('has the arithmetic by which it was decided, where it was recorded', () => {
    const detail = 'as it was reckoned then';
    const timeline = [{ at: occurredAt, status: 'skipped' as const, detail }];
    const { explanation } = explain({ status: 'skipped', reason: 'outside_referral_window', timeline });
    expect(explanation).toMatch(/as it was reckoned then$/);
  });

  it('does without the arithmetic where the event is not known any more', () => {
    const none = createCampaignEvents([]);
    const skipped = conversion({ status: 'skipped', reason: 'outside_referral_window' });
    expect(explainConversion(skipped, none).code).toBe('outside_referral_window');
  });

  it('has the fields that Impact refused', () => {
    const detail = 'Impact refused the request (HTTP 400): Validation Failed; ClickId: Unknown.';
    const timeline = [{ at: occurredAt, status: 'parked' as const, reason: 'impact_refused', detail }];
    expect(explain({ status: 'parked', reason: 'impact_refused', timeline }).explanation).toContain(
      'ClickId: Unknown',
    );
  });

  it('does not say twice that Impact accepted it', () => {
    const timeline = [{ at: occurredAt, status: 'confirmed' as const, detail: 'Impact accepted it.' }];
    expect(explain({ status: 'confirmed', timeline }).explanation).toBe('Impact accepted it.');
  });

  it('does not say twice what Impact means', () => {
    const detail =
      'Impact turned it down. CONTRACT_NOT_FOUND: the partner had no contract at the time. A retry can help once that is mended.';
    const timeline = [{ at: occurredAt, status: 'parked' as const, detail }];
    const { explanation } = explain({ status: 'parked', reason: 'contract_not_found', timeline });
    expect(explanation.split('the partner had no contract')).toHaveLength(2);
  });

  it('says who abandoned it, and why', () => {
    const timeline = [
      { at: occurredAt, status: 'abandoned' as const, detail: 'Abandoned by kim: test order.' },
    ];
    expect(explain({ status: 'abandoned', timeline })).toMatchObject({
      code: 'abandoned',
      explanation: expect.stringContaining('Abandoned by kim: test order.'),
      whatNext: expect.stringContaining('restart'),
    });
  });

  it('tells a cancelled workflow from a decision', () => {
    expect(explain({ status: 'abandoned', reason: 'cancelled' }).code).toBe('cancelled');
  });
});

describe('the explanation of a parked adjustment', () => {
  const adjustment: Adjustment = {
    id: 'c1',
    kind: 'reversal',
    reason: 'ITEM_RETURNED',
    status: 'parked',
    requestedAt: occurredAt,
    requestedBy: 'shop',
  };

  it.each(['locked', 'action_ref_not_found', 'impact_unavailable'])(
    'comes before the state of the conversion: %s',
    (parkReason) => {
      const explained = explain({ status: 'confirmed', adjustments: [{ ...adjustment, parkReason }] });
      expect(explained.code).toBe(parkReason);
      expect(explained.explanation).toMatch(/^Its reversal is parked\. \w+/);
      expect(explained.explanation).not.toContain('no words for');
    },
  );

  it('of an order without an action does not speak of its click', () => {
    const parkReason = 'action_ref_not_found';
    const { explanation } = explain({ status: 'confirmed', adjustments: [{ ...adjustment, parkReason }] });
    expect(explanation).not.toBe(explain({ status: 'parked', reason: parkReason }).explanation);
    expect(explanation).toContain('no action for this order');
  });
});
