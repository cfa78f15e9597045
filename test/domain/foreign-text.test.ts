import { describe, expect, it } from 'vitest';
import { cut, MAX_TEXT, oneLine, printable } from '../../src/domain/foreign-text.js';

describe('a text from outside', () => {
  it('is kept as it is, where it is short', () => {
    expect(cut('x'.repeat(MAX_TEXT))).toBe('x'.repeat(MAX_TEXT));
  });

  it('ends with a mark where it was cut', () => {
    expect(cut('x'.repeat(500_000))).toBe(`${'x'.repeat(MAX_TEXT - 1)}…`);
  });

  it('is never cut within an emoji', () => {
    expect(cut('😀😀😀', 4)).toBe('😀…');
    expect(cut('😀😀😀', 5)).toBe('😀😀…');
  });

  it('stays on one line', () => {
    expect(oneLine(' one\r\n\n two\u2028three ')).toBe('one two three');
  });
});

describe('an invisible character from outside', () => {
  it.each([
    ['an escape', '\u001b'],
    ['a bell', '\u0007'],
    ['a carriage return', '\r'],
    ['a line break', '\n'],
    ['a control sequence in one byte', '\u009b'],
    ['a reversal of the text', '\u202e'],
    ['an isolate', '\u2066'],
    ['a space without a width', '\u200b'],
    ['a byte order mark', '\ufeff'],
    ['a separator of lines', '\u2028'],
    ['half an emoji', '\ud83d'],
  ])('never reaches a terminal: %s', (_what, character) => {
    expect(printable(`a${character}b`)).toBe('a?b');
  });
});
