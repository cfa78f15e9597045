import { describe, expect, it } from 'vitest';
import { cut, escapeInJson, MAX_TEXT, oneLine, printable } from '../../src/domain/foreign-text.js';

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
    ['an escape', '\u001b', '\\u001b'],
    ['a line break', '\n', '\\u000a'],
    ['a control sequence in one byte', '\u009b', '\\u009b'],
    ['a reversal of the text', '\u202e', '\\u202e'],
    ['an isolate', '\u2066', '\\u2066'],
    ['a space without a width', '\u200b', '\\u200b'],
    ['a byte order mark', '\ufeff', '\\ufeff'],
    ['a separator of lines', '\u2028', '\\u2028'],
    ['a tag outside of the first plane', '\u{e0041}', '\\udb40\\udc41'],
    ['half an emoji', '\ud83d', '\\ud83d'],
  ])('is written as an escape: %s', (_what, character, written) => {
    expect(printable(`a${character}b`)).toBe(`a${written}b`);
  });

  it.each(['order A-1', 'Müller 東京 😀', 'שלום', '\\u202e'])('is none of %s', (text) => {
    expect(printable(text)).toBe(text);
    expect(escapeInJson(JSON.stringify(text))).toBe(JSON.stringify(text));
  });

  it('means the same to a reader of JSON', () => {
    const value = { 'a\u202e': ['\u0085\u2028\u2029\ufeff', 'line\nbreak'] };
    const escaped = escapeInJson(`${JSON.stringify(value)}\n`);
    expect(escaped).toMatch(/^[\x20-\x7e]*\n$/);
    expect(JSON.parse(escaped)).toEqual(value);
  });
});
