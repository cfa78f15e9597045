import { expect, test } from 'vitest';
import { escapeInJson, printable } from '../../src/domain/printable.js';

test.each([
  ['a control character', 'a\u001b[31mb', 'a\\u001b[31mb'],
  ['a line break', 'a\nb', 'a\\u000ab'],
  ['a C1 control character', 'a\u009bb', 'a\\u009bb'],
  ['a change of direction', 'a\u202eb\u2066', 'a\\u202eb\\u2066'],
  ['a character of no width', 'a\u200bb', 'a\\u200bb'],
  ["a line separator of JavaScript's", 'a\u2028b', 'a\\u2028b'],
  ['a tag outside of the first plane', 'a\u{e0041}b', 'a\\udb40\\udc41b'],
  ['half an emoji', 'a\ud83d', 'a\\ud83d'],
])('%s is written as an escape', (_what, text, written) => {
  expect(printable(text)).toBe(written);
});

test.each(['order A-1', 'Müller 東京 😀', 'שלום', '\\u202e'])('%s stays unchanged', (text) => {
  expect(printable(text)).toBe(text);
  expect(escapeInJson(JSON.stringify(text))).toBe(JSON.stringify(text));
});

test('a long text is cut', () => {
  expect(printable('x'.repeat(20), 10)).toBe(`${'x'.repeat(9)}…`);
});

test('JSON means the same after its escapes', () => {
  const value = { 'a\u202e': ['\u0085\u2028\u2029\ufeff', 'line\nbreak'] };
  const line = `${JSON.stringify(value)}\n`;
  const escaped = escapeInJson(line);
  expect(escaped).toMatch(/^[\x20-\x7e]*\n$/);
  expect(JSON.parse(escaped)).toEqual(value);
});
