import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Adjustment } from '../../src/domain/adjustment.js';
import {
  CONVERSION_STATUSES,
  type Conversion,
  type ConversionStatus,
  SKIP_REASONS,
} from '../../src/domain/conversion.js';
import { IMPACT_REASONS } from '../../src/domain/impact-reasons.js';
import { PARK_REASONS } from '../../src/domain/park-reasons.js';
import { reasonOf } from '../../src/domain/reasons.js';
import { explainConversion } from '../../src/operations/explain-conversion.js';

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

const explain = (fields: Partial<Conversion>) => explainConversion(conversion(fields));
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

/** Outcomes of an activity, which never stand in the ledger. */
const OUTCOMES = ['may_have_arrived', 'not_recorded'];

describe('the explanation', () => {
  const WITH_REASON: readonly string[] = ['skipped', 'parked', 'declined'];
  const WITHOUT_REASON = CONVERSION_STATUSES.filter((status) => !WITH_REASON.includes(status));

  it.each(WITHOUT_REASON)('of a conversion that is %s has the status as its code', (status) => {
    expect(explain({ status })).toMatchObject({ code: status, meaning: expect.stringMatching(/\w{3}/) });
  });

  it.each(SKIP_REASONS)('of a skipped conversion has the skip reason as its code: %s', (reason) => {
    const { code, meaning } = explain({ status: 'skipped', reason });
    expect(code).toBe(reason);
    expect(meaning).not.toContain('does not know');
  });

  it.each(codesIn('activities', 'workflows', 'src/impact').filter((code) => !OUTCOMES.includes(code)))(
    'has words for %s, which the code can write into the ledger',
    (reason) => {
      expect(reasonOf(reason)).toMatchObject({
        meaning: expect.not.stringContaining('does not know the reason'),
        action: expect.stringMatching(/\w{3}/),
      });
    },
  );

  it.each(Object.keys(IMPACT_REASONS))('of %s says what it means, and mentions a retry', (reason) => {
    const { meaning, retry } = reasonOf(reason);
    const explained = explain({ status: 'parked', reason });
    expect(explained).toMatchObject({ code: reason, meaning });
    if (retry !== 'none') expect(explained.action).toMatch(/retry/i);
  });

  it.each([...Object.keys(PARK_REASONS), ...Object.keys(IMPACT_REASONS)])(
    'of a conversion parked as %s says what to do next, without Markdown',
    (reason) => {
      expect(explain({ status: 'parked', reason }).action).toMatch(/^[^`]{10,}$/);
    },
  );

  it('of a declined conversion has the reason of Impact', () => {
    const declined: string = 'declined';
    const status = declined as ConversionStatus;
    expect(explain({ status, reason: 'other_ref_prioritized' })).toEqual({
      code: 'other_ref_prioritized',
      retry: 'no',
      meaning: 'Impact rejected it: another click or partner took precedence.',
      action: expect.stringContaining('with a restart (--restart)'),
      outcome: "Impact credits another partner's click, or another click of the same partner.",
      advice: expect.stringContaining('in Impact'),
    });
  });

  it('names a reason that this version does not know', () => {
    expect(explain({ status: 'parked', reason: 'brand_new' })).toMatchObject({
      code: 'brand_new',
      meaning: expect.stringContaining('does not know the reason "brand_new"'),
    });
  });
});

describe('the explanation of a conversion in progress', () => {
  it('distinguishes a first attempt from a repeated one', () => {
    const inFlightUntil = new Date(Date.now() + 30_000);
    expect(
      explain({ status: 'reporting', submission: { ...sent, state: 'sending', inFlightUntil } }).code,
    ).toBe('reporting');
    const failed = { ...sent } as Conversion['submission'];
    expect(explain({ status: 'reporting', ...(failed ? { submission: failed } : {}) })).toMatchObject({
      code: 'retrying',
      meaning: expect.stringContaining('Attempt 3: 2026-11-02T00:00:00.000Z.'),
    });
  });

  it('says what it waits for, whatever else has happened to it since', () => {
    const detail = 'Waits for signup:1: it is on its way to Impact.';
    const line = { at: occurredAt, status: 'reporting' } as const;
    const timeline = [
      { ...line, reason: 'waits_for_parent', detail },
      { ...line, detail: 'New amount 1 (minor unit) (OTHER), requested by shop.' },
    ];
    expect(explain({ status: 'reporting', reason: 'waits_for_parent', timeline })).toMatchObject({
      code: 'waits_for_parent',
      meaning: expect.stringContaining(detail),
    });
  });

  it('says that an operator has restarted it, and who', () => {
    const line = { at: occurredAt, status: 'pending', reason: 'restarted' } as const;
    const timeline = [{ ...line, detail: 'Restarted by kim.' }];
    expect(explain({ status: 'pending', reason: 'restarted', timeline })).toMatchObject({
      code: 'restarted',
      meaning: expect.stringContaining('Restarted by kim.'),
    });
  });

  it('says that an attempt may have arrived', () => {
    const { code } = explain({ status: 'reporting', submission: { ...sent, state: 'sending' } });
    expect(code).toBe('may_have_arrived');
  });
});

describe('the explanation of one conversion', () => {
  it('has the recorded arithmetic of the decision, if there is one', () => {
    const detail = 'as it was reckoned then';
    const timeline = [{ at: occurredAt, status: 'skipped' as const, detail }];
    const { meaning } = explain({ status: 'skipped', reason: 'outside_referral_window', timeline });
    expect(meaning).toMatch(/as it was reckoned then$/);
  });

  it('has the fields that Impact refused', () => {
    const detail = 'Impact refused the request (HTTP 400): Validation Failed; ClickId: Unknown.';
    const timeline = [{ at: occurredAt, status: 'parked' as const, reason: 'impact_refused', detail }];
    expect(explain({ status: 'parked', reason: 'impact_refused', timeline }).meaning).toContain(
      'ClickId: Unknown',
    );
  });

  it('does not say twice that Impact accepted it', () => {
    const timeline = [{ at: occurredAt, status: 'confirmed' as const, detail: 'Impact accepted it.' }];
    expect(explain({ status: 'confirmed', timeline }).meaning).toBe('Impact accepted it.');
  });

  it('does not say twice what Impact means', () => {
    const detail = 'Impact rejected it. CONTRACT_NOT_FOUND: the partner had no contract at the time.';
    const timeline = [{ at: occurredAt, status: 'parked' as const, detail }];
    const { meaning } = explain({ status: 'parked', reason: 'contract_not_found', timeline });
    expect(meaning.split('the partner had no contract')).toHaveLength(2);
  });

  it('says who abandoned it, and why', () => {
    const timeline = [
      { at: occurredAt, status: 'abandoned' as const, detail: 'Abandoned by kim: test order.' },
    ];
    expect(explain({ status: 'abandoned', timeline })).toMatchObject({
      code: 'abandoned',
      meaning: expect.stringContaining('Abandoned by kim: test order.'),
      action: expect.stringContaining('restart'),
    });
  });

  it("distinguishes a cancelled workflow from an operator's decision", () => {
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
      expect(explained.meaning).toMatch(/^Its reversal is parked\. \w+/);
      expect(explained.meaning).not.toContain('does not know the reason');
    },
  );

  it('does not mention the click if Impact has no action for the order', () => {
    const parkReason = 'action_ref_not_found';
    const { meaning } = explain({ status: 'confirmed', adjustments: [{ ...adjustment, parkReason }] });
    expect(meaning).not.toBe(explain({ status: 'parked', reason: parkReason }).meaning);
    expect(meaning).toContain('no action for this order');
  });
});
