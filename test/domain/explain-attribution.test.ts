import { describe, expect, it } from 'vitest';
import { attributionAt, type Click, type Clicks, impactClick } from '../../src/domain/attribution.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { explainAttribution } from '../../src/domain/explain-attribution.js';
import type { AttributionPolicy } from '../../src/domain/programme/schema.js';

const at = (day: string, time = '12:00:00') => new Date(`2026-11-${day}T${time}.000Z`);
const click = (clickId: string, day: string) => impactClick(clickId, at(day));
const A_B_C = [click('a', '02'), click('b', '05'), click('c', '08')];

/** Of a conversion that has the click which the rules give it. */
function why(clicks: Click[], occurredAt: Date, policy: AttributionPolicy = 'last_click', hasGap = false) {
  const known: Clicks = { clicks, hasGap };
  const { attribution } = attributionAt(known, occurredAt, policy);
  return explainAttribution(known, { attribution, occurredAt, status: 'pending' }, policy);
}

describe('why a conversion has its click', () => {
  it('is that it was the last one before the event, and replaced those before it', () => {
    expect(why(A_B_C, at('06'))).toEqual({
      code: 'last_click',
      text:
        'The last click before the event at 2026-11-06T12:00:00.000Z is click b (captured 2026-11-05T12:00:00.000Z). ' +
        'It replaced click a (captured 2026-11-02T12:00:00.000Z), as the last click wins. ' +
        'After the event came click c (captured 2026-11-08T12:00:00.000Z).',
    });
  });

  it('is that it was the first one, and wins over the later ones', () => {
    expect(why(A_B_C, at('06'), 'first_click')).toEqual({
      code: 'first_click',
      text:
        'The first click before the event at 2026-11-06T12:00:00.000Z is click a (captured 2026-11-02T12:00:00.000Z). ' +
        'The first click wins over click b (captured 2026-11-05T12:00:00.000Z). ' +
        'After the event came click c (captured 2026-11-08T12:00:00.000Z).',
    });
  });

  it('names no other click where there is none', () => {
    expect(why([click('a', '02')], at('06')).text).toBe(
      'The last click before the event at 2026-11-06T12:00:00.000Z is click a (captured 2026-11-02T12:00:00.000Z).',
    );
  });

  it('names the clicks nearest to the event, and counts the others', () => {
    const many = ['01', '02', '03', '04', '05'].map((day) => click(`on-${day}`, day));
    expect(why(many, at('06')).text).toMatch(
      /It replaced click on-04 .*, click on-03 .*, click on-02 .* and 1 more,/,
    );
  });

  it('is that the next click came within the five minutes that a capture may be late', () => {
    expect(why([click('a', '02')], at('02', '11:59:20'))).toEqual({
      code: 'click_soon_after',
      text:
        'No click came before the event at 2026-11-02T11:59:20.000Z. The next one came 40 seconds later, ' +
        'click a (captured 2026-11-02T12:00:00.000Z): a capture may be up to five minutes late.',
    });
  });
});

describe('why a conversion has no click', () => {
  it('is that the first one came after the event', () => {
    expect(why(A_B_C, at('01'))).toEqual({
      code: 'click_after_event',
      text:
        'No click came before the event at 2026-11-01T12:00:00.000Z. The next one is click a (captured 2026-11-02T12:00:00.000Z). ' +
        'It counts for events from 2026-11-02T11:55:00.000Z on.',
    });
  });

  it('is that the user came with none', () => {
    expect(why([], at('01'))).toEqual({ code: 'no_attribution', text: 'The user came with no click.' });
  });

  it('is that the click which held is forgotten', () => {
    expect(why(A_B_C, at('03'), 'last_click', true)).toMatchObject({
      code: 'click_history_too_short',
      text: expect.stringContaining('keeps the first one and the last 19'),
    });
  });

  it.each([
    ['user_not_found', 'before this service knew the user'],
    ['order_not_found', 'Only a refund or a new amount'],
  ])('is that it is held: %s', (reason, words) => {
    const held = { attribution: null, occurredAt: at('06'), status: 'skipped', reason } as const;
    expect(explainAttribution({ clicks: A_B_C }, held, 'last_click')).toEqual({
      code: reason,
      text: expect.stringContaining(words),
    });
  });
});

describe('a conversion that keeps what it was recorded with', () => {
  const explain = (attribution: Conversion['attribution']) =>
    explainAttribution(
      { clicks: A_B_C },
      { attribution, occurredAt: at('06'), status: 'confirmed' },
      'last_click',
    );

  it('says so, and what the clicks say now', () => {
    expect(explain(click('x', '04'))).toEqual({
      code: 'as_recorded',
      text: expect.stringMatching(
        /^It was recorded with click x \(captured 2026-11-04.*\), and keeps that\. The clicks that are known now say: The last click .* is click b /,
      ),
    });
  });

  it('says so as well where it has no click', () => {
    expect(explain(null)).toMatchObject({
      code: 'as_recorded',
      text: expect.stringMatching(/^It was recorded without a click, and keeps that\./),
    });
  });

  it('tells two captures of one click id apart', () => {
    expect(explain(click('b', '04')).code).toBe('as_recorded');
  });
});
