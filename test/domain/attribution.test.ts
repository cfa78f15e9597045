import { describe, expect, it } from 'vitest';
import { attributionAt, impactClick, isClickId } from '../../src/domain/attribution.js';

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

describe('the attribution that held when an event happened', () => {
  it('is the newest click before the event, in whatever order the clicks are kept', () => {
    const history = [click('second', '02'), click('third', '03'), click('first', '01')];
    expect(attributionAt(history, at('09'))).toEqual({ attribution: click('third', '03') });
  });

  it('is not a click that came after the event', () => {
    const history = [click('before', '01'), click('after', '03')];
    expect(attributionAt(history, at('02'))).toEqual({ attribution: click('before', '01') });
  });

  it('is a click of the same millisecond', () => {
    expect(attributionAt([click('same', '01')], at('01'))).toEqual({ attribution: click('same', '01') });
  });

  it('is the one stored last of two clicks of one millisecond', () => {
    const history = [click('first', '01'), click('last', '01')];
    expect(attributionAt(history, at('02'))).toEqual({ attribution: click('last', '01') });
  });

  it('is none, for want of a click, where there was never any', () => {
    expect(attributionAt([], at('01'))).toEqual({ attribution: null, reason: 'no_attribution' });
  });

  it('is none, because the click came later, where every click did', () => {
    const history = [click('a', '02'), click('b', '03')];
    expect(attributionAt(history, at('01'))).toEqual({ attribution: null, reason: 'click_after_event' });
  });

  it('is none, for want of the old clicks, where the history no longer reaches back to the event', () => {
    const history = [click('s', '08'), click('t', '09')];
    const tooShort = { attribution: null, reason: 'click_history_too_short' };
    expect(attributionAt(history, at('07'), at('02'))).toEqual(tooShort);
    expect(attributionAt(history, at('02'), at('02'))).toEqual(tooShort);
    expect(attributionAt(history, at('01'), at('02'))).toMatchObject({ reason: 'click_after_event' });
    expect(attributionAt(history, at('08'), at('02'))).toEqual({ attribution: click('s', '08') });
  });
});
