import { describe, expect, it } from 'vitest';
import { attributionAt, type Click, impactClick, isClickId } from '../../src/domain/attribution.js';

const at = (day: string) => new Date(`2026-11-${day}T12:00:00.000Z`);
const click = (clickId: string, day: string) => impactClick(clickId, at(day));

describe('a click id', () => {
  it.each([
    ['one of Impact, with a colon', '3t6RuJ:x0xyNTcxyAQmE3TQUkDQ2N1dXyGVyA0'],
    ['a single character', 'a'],
    ['64 characters', 'x'.repeat(64)],
    ['a percent sign, which is not decoded again', '%3A%zz'],
    ['punctuation', "!#$%&'()*+-./:<=>?@[]^_`{|}~"],
  ])('may be %s', (_what, value) => {
    expect(isClickId(value)).toBe(true);
  });

  it.each([
    ['empty', ''],
    ['65 characters long', 'x'.repeat(65)],
    ['with a space inside', 'a b'],
    ['with spaces around it', ' a '],
    ['only a space', ' '],
    ['with a comma', 'abc, abc'],
    ['with a semicolon', 'a;b'],
    ['with a double quote', '"a"'],
    ['with a backslash', 'a\\b'],
    ['with a tab', 'a\tb'],
    ['with a newline at its end', 'abc\n'],
    ['with a DEL', 'a\x7fb'],
    ['with a letter outside ASCII', 'clïck'],
    ['no string', { $gt: '' }],
    ['undefined', undefined],
  ])('is not one when %s', (_what, value) => {
    expect(isClickId(value)).toBe(false);
  });
});

const last = (clicks: Click[], occurredAt: Date, hasGap = false) =>
  attributionAt({ clicks, hasGap }, occurredAt, 'last_click');
const first = (clicks: Click[], occurredAt: Date, hasGap = false) =>
  attributionAt({ clicks, hasGap }, occurredAt, 'first_click');
const later = (date: Date, ms: number) => new Date(date.getTime() + ms);

const AFTER = { attribution: null, reason: 'click_after_event' };
const TOO_SHORT = { attribution: null, reason: 'click_history_too_short' };
const MINUTES_5 = 5 * 60_000;

describe('the last click', () => {
  const history = [click('a', '02'), click('b', '05'), click('c', '08')];

  it('is the newest one before the event', () => {
    expect(last(history, at('09'))).toEqual({ attribution: click('c', '08') });
  });

  it('is not one that came after the event', () => {
    expect(last(history, at('06'))).toEqual({ attribution: click('b', '05') });
  });

  it('may be of the same millisecond', () => {
    expect(last([click('same', '01')], at('01'))).toEqual({ attribution: click('same', '01') });
  });

  it('is the one stored last of two clicks of one millisecond', () => {
    expect(last([click('a', '01'), click('b', '01')], at('02'))).toEqual({ attribution: click('b', '01') });
  });

  it('is none where there was never any', () => {
    expect(last([], at('01'))).toEqual({ attribution: null, reason: 'no_attribution' });
  });

  it('is unknown where the history has a gap at that time', () => {
    expect(last(history, at('01'), true)).toEqual(AFTER);
    expect(last(history, at('02'), true)).toEqual(TOO_SHORT);
    expect(last(history, at('04'), true)).toEqual(TOO_SHORT);
    expect(last(history, at('05'), true)).toEqual({ attribution: click('b', '05') });
  });
});

describe('the first click', () => {
  const history = [click('a', '02'), click('b', '05')];

  it('is the one that brought the user, whatever came later', () => {
    expect(first(history, at('03'))).toEqual({ attribution: click('a', '02') });
    expect(first(history, at('09'))).toEqual({ attribution: click('a', '02') });
  });

  it('is known although clicks after it were forgotten', () => {
    expect(first(history, at('04'), true)).toEqual({ attribution: click('a', '02') });
  });

  it('does not hold for an event before it', () => {
    expect(first(history, at('01'))).toEqual(AFTER);
  });
});

describe.each([
  ['last', last],
  ['first', first],
])('an event just before the %s click was captured', (_policy, attribute) => {
  const captured = at('05');

  it('belongs to it for five minutes', () => {
    const clicks = [click('a', '05')];
    expect(attribute(clicks, later(captured, -MINUTES_5))).toEqual({ attribution: clicks[0] });
    expect(attribute(clicks, later(captured, -MINUTES_5 - 1))).toEqual(AFTER);
  });

  it('does not belong to it if the visitor landed after the event', () => {
    const clicks = [impactClick('a', captured, later(captured, -1_000))];
    expect(attribute(clicks, later(captured, -1_000))).toEqual({ attribution: click('a', '05') });
    expect(attribute(clicks, later(captured, -1_001))).toEqual(AFTER);
  });

  it('belongs to it for five minutes and no longer, however long ago the visitor says it was', () => {
    const clicks = [impactClick('a', captured, at('01'))];
    expect(attribute(clicks, later(captured, -MINUTES_5 - 1))).toEqual(AFTER);
  });

  it('at a fast clock of a visitor belongs to it from the capture on', () => {
    const clicks = [impactClick('a', captured, at('09'))];
    expect(attribute(clicks, captured)).toEqual({ attribution: click('a', '05') });
    expect(attribute(clicks, later(captured, -1))).toEqual(AFTER);
  });
});

describe('an event just before the capture of a later click', () => {
  it('stays with the click that held, as it would if the later click were reported last', () => {
    const clicks = [click('a', '02'), click('b', '05')];
    expect(last(clicks, later(at('05'), -1))).toEqual({ attribution: click('a', '02') });
  });

  it('belongs to the first of two later ones', () => {
    const clicks = [click('a', '05'), impactClick('b', later(at('05'), 1_000))];
    expect(last(clicks, later(at('05'), -1))).toEqual({ attribution: click('a', '05') });
  });
});
