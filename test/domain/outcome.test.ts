import { describe, expect, it } from 'vitest';
import { outcomeOf, type Situation } from '../../src/domain/outcome.js';

const NOW = new Date('2026-11-02T00:00:00Z');
const outcome = (situation: Situation) => outcomeOf(situation, NOW).outcome;

describe('the outcome', () => {
  it.each([
    [{ status: 'confirmed' }, 'Impact accepted it.'],
    [{ status: 'reporting' }, 'It is on its way to Impact.'],
    [{ status: 'reporting', submission: { state: 'sending' } }, 'It may have reached Impact'],
    [{ status: 'declined', reason: 'other_ref_prioritized' }, "Impact credits another partner's click"],
    [{ status: 'parked', reason: 'impact_refused' }, 'It has not reached Impact yet: Impact refused it'],
    [{ status: 'parked', reason: 'impact_timeout' }, 'It is not known whether it has reached Impact'],
    [{ status: 'parked', reason: 'contract_not_found' }, 'Impact rejected it: the partner had no contract'],
    [{ status: 'parked', reason: 'brand_new' }, 'for a reason that this service does not know'],
  ] satisfies [Situation, string][])('of %j is: %s', (situation, words) => {
    expect(outcome(situation)).toContain(words);
  });

  it('of a conversion that was skipped is not that of one that is parked for the same reason', () => {
    const reason = 'no_attribution';
    expect(outcome({ status: 'skipped', reason })).toBe(
      "The customer came without a partner's click, as far as this service knows.",
    );
    expect(outcome({ status: 'parked', reason })).toContain('Your engineers have an alert for it.');
  });
});

describe('the outcome of a conversion with a parked adjustment', () => {
  const submission = { state: 'queued' } as const;
  const refund = { kind: 'reversal', parkReason: 'impact_unreachable' } as const;

  it('says what waits, and why', () => {
    expect(outcome({ status: 'confirmed', submission, parkedAdjustment: refund })).toBe(
      'It was reported, and its refund waits. It has not reached Impact yet: this service could not connect to Impact for two days. ' +
        'Your engineers have an alert for it.',
    );
  });

  it('tells a new amount from a refund', () => {
    const parkedAdjustment = { ...refund, kind: 'amount' } as const;
    expect(outcome({ status: 'confirmed', submission, parkedAdjustment })).toContain('its new amount waits.');
  });

  it('does not claim that a conversion is reported which is on its way', () => {
    expect(outcome({ status: 'reporting', parkedAdjustment: refund })).toMatch(/^Its refund waits\./);
  });

  it('is about the change, also where Impact gives the same code for the conversion', () => {
    const parkReason = 'other_ref_prioritized';
    const parkedAdjustment = { ...refund, parkReason } as const;
    const changed = outcome({ status: 'confirmed', submission, parkedAdjustment });
    expect(changed).toContain('Impact rejected it');
    expect(changed).not.toContain(outcome({ status: 'declined', reason: parkReason }));
  });

  it('is that of the conversion, if the conversion is parked itself', () => {
    const parked = { status: 'parked', reason: 'too_old' } as const;
    expect(outcome({ ...parked, parkedAdjustment: refund })).toBe(outcome(parked));
  });
});
