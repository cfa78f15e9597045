import { describe, expect, it } from 'vitest';
import { SKIP_REASONS } from '../../src/domain/conversion.js';
import { explainRejection, IMPACT_REASONS } from '../../src/domain/impact-reasons.js';
import { PARK_REASONS } from '../../src/domain/park-reasons.js';
import { isDeclined, reasonOf, SKIPS, STATES } from '../../src/domain/reasons.js';
import type { ImpactErrorCode } from '../../src/impact/errors.js';

const CODES = [STATES, SKIPS, PARK_REASONS, IMPACT_REASONS].flatMap((rows) => Object.keys(rows));

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

/** What only an engineer of this service knows. */
const OUR_WORDS =
  /\b(workflow|worker|ledger|http|temporal|mongodb|retr(y|ies)|park(s|ed)?|queued?|operator|adjustment)\b|[`_]/i;

describe('the reasons', () => {
  it('have one row per code', () => {
    expect(CODES).toHaveLength(new Set(CODES).size);
  });

  it('give each park reason a meaning of its own', () => {
    const words = Object.keys(PARK_REASONS).map((code) => reasonOf(code).meaning);
    expect(new Set(words).size).toBe(words.length);
    expect(Object.keys(PARK_REASONS)).toEqual(expect.arrayContaining(Object.keys(IMPACT_ERROR_CODES)));
  });

  it.each([...SKIP_REASONS])('have a row for the skip reason %s', (code) => {
    expect(CODES).toContain(code);
  });

  it.each(CODES)('say what %s means, in plain text, and what to do next', (code) => {
    for (const of of ['conversion', 'adjustment'] as const) {
      const { meaning, action, outcome: _, advice: __, ...row } = reasonOf(code, of);
      expect(meaning).toMatch(/^[A-Z][^`]+\.$/);
      if (code === 'confirmed' || code === 'reversed') expect(action).toBeUndefined();
      else expect(action).toMatch(/^[A-Z].+\.$/);
      expect(row).toEqual({ code, retry: expect.stringMatching(/^(yes|after_fix|no|none)$/) });
    }
  });

  it.each(CODES)('say what happened, in words that an affiliate manager knows: %s', (code) => {
    for (const of of ['conversion', 'skipped', 'adjustment'] as const) {
      const { outcome, advice } = reasonOf(code, of);
      for (const words of [outcome, advice]) {
        expect(words).toMatch(/^[A-Z].+\.$/);
        expect(words).not.toMatch(OUR_WORDS);
      }
    }
  });

  it('promise an alert for what is parked, and for nothing that is skipped or declined', () => {
    const alerts = (code: string, of?: 'skipped' | 'adjustment') =>
      reasonOf(code, of).outcome.includes('Your engineers have an alert');
    const parking = [...Object.keys(PARK_REASONS), 'brand_new'];
    expect(parking.filter((code) => !alerts(code) || !alerts(code, 'adjustment'))).toEqual([]);
    expect(SKIP_REASONS.filter((code) => alerts(code, 'skipped'))).toEqual([]);
    const impact = Object.keys(IMPACT_REASONS).filter((code) => code !== 'conv_duplicate');
    expect(impact.filter((code) => alerts(code) === isDeclined(code))).toEqual([]);
    expect(impact.filter((code) => !alerts(code, 'adjustment'))).toEqual([]);
  });

  it('name a code that this version does not know', () => {
    expect(reasonOf('brand_new')).toMatchObject({
      code: 'brand_new',
      meaning: expect.stringContaining('does not know the reason "brand_new"'),
      action: expect.stringContaining('ask Impact'),
    });
    expect(explainRejection('BRAND_NEW')).toBe('BRAND_NEW: Impact does not document this reason.');
  });

  it("explain Impact's own code by the name that Impact gives it", () => {
    expect(explainRejection('CONTRACT_NOT_FOUND')).toBe(
      'CONTRACT_NOT_FOUND: the partner had no contract at the time.',
    );
  });
});

describe('Impact declines a conversion', () => {
  it.each(['other_ref_prioritized', 'outside_association_window', 'max_recurrences_reached', 'unclaimed'])(
    'if a retry cannot help: %s',
    (code) => {
      expect(isDeclined(code)).toBe(true);
      expect(reasonOf(code).action).toContain('restart');
      // An adjustment with the same code waits for a human.
      expect(reasonOf(code, 'adjustment').action).not.toMatch(/^Nothing/);
    },
  );

  it.each(['contract_not_found', 'partner_not_active', 'actiontracker_not_active', 'malformed'])(
    'but not if a human can fix the cause: %s',
    (code) => {
      expect({ declined: isDeclined(code), retry: reasonOf(code).retry }).toEqual({
        declined: false,
        retry: 'after_fix',
      });
    },
  );

  it.each(['conv_duplicate', 'too_old', 'locked', 'credentials_rejected', 'brand_new', 'constructor'])(
    'but not with a code that says something else: %s',
    (code) => {
      expect(isDeclined(code)).toBe(false);
    },
  );
});
