import { describe, expect, it } from 'vitest';
import { toCsv } from '../../src/domain/csv.js';

/** The cell as a spreadsheet shows it. */
function cellOf(value: string | number): string {
  const line = toCsv([[value]]).slice(0, -2);
  return line.startsWith('"') ? line.slice(1, -1).replaceAll('""', '"') : line;
}

describe('a CSV file', () => {
  it('has a line for each row', () => {
    expect(
      toCsv([
        ['a', 1],
        ['b', undefined],
      ]),
    ).toBe('a,1\r\nb,\r\n');
  });

  it.each([
    ['a comma', 'a,b', '"a,b"'],
    ['a quote', 'a"b', '"a""b"'],
    ['a line break', 'a\nb', '"a\nb"'],
    ['a semicolon, which separates in some countries', 'a;b', '"a;b"'],
    ['a space at its end', 'a ', '"a "'],
  ])('quotes a text with %s', (_what, text, expected) => {
    expect(toCsv([[text]])).toBe(`${expected}\r\n`);
  });

  it.each([
    '=1+1',
    '+1+1',
    '-1+1',
    '@SUM(1)',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(1)',
    ' =1+1',
    '\u00a0=1+1',
    '\u3000＝1',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    '"=1+1',
    "'=1+1",
    '-5.00 USD',
  ])('runs no formula of a text that begins with one: %j', (text) => {
    expect(cellOf(text)).toBe(`'${text}`);
    expect(toCsv([[text]])).toMatch(/^"'/);
  });

  it.each([
    ['a;=1+1', "a;'=1+1"],
    ['a; ＝1+1', "a;' ＝1+1"],
    ['a";"=1+1', `a";'"=1+1`],
    ['a,@SUM(1)', "a,'@SUM(1)"],
    ['a\t=1+1', "a\t'=1+1"],
    ['a\n=1+1', "a\n'=1+1"],
    ['a\r\n\r\n=1', "a\r'\n'\r'\n'=1"],
  ])('runs no formula that another separator would begin: %j', (text, expected) => {
    expect(cellOf(text)).toBe(expected);
  });

  it('leaves a hyphen, an address and a sum within a text alone', () => {
    for (const text of ['A-1', 'kim@example.com', 'signup:1', '1+1=2']) expect(cellOf(text)).toBe(text);
  });

  it.each([-5, -5.25, 99_999, '-5.00', '12'])('keeps a number usable: %s', (value) => {
    expect(toCsv([[value]])).toBe(`${value}\r\n`);
  });

  it('has no control characters, and none that reverses the text', () => {
    expect(cellOf('a\u001b[2J\u202eb\u200b')).toBe('a\\u001b[2J\\u202eb\\u200b');
  });
});
