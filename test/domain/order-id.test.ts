import { describe, expect, it } from 'vitest';
import { looksLike, orderIdSchema } from '../../src/domain/order-id.js';

describe('an order id', () => {
  it('is one id in both forms of Unicode, as one code point or as a letter and its accent', () => {
    expect(orderIdSchema.parse('Cafe\u0301-1')).toBe('Caf\u00e9-1');
    expect(orderIdSchema.parse('Caf\u00e9-1')).toBe('Caf\u00e9-1');
  });

  it.each([
    ['letters of any script, and spaces inside', 'Заказ № 7'],
    ['another kind of dash, which can be seen', 'DUP\u20111'],
    ['an emoji', '🛒-1'],
    ['64 characters once it is in its normal form', 'e\u0301'.repeat(64)],
  ])('may have %s', (_what, orderId) => {
    expect(orderIdSchema.parse(orderId)).toBe(orderId.normalize('NFC'));
  });

  it.each([
    ['a zero-width space', 'DUP\u200b-1'],
    ['a zero-width joiner', 'DUP\u200d-1'],
    ['a word joiner', 'DUP\u2060-1'],
    ['a byte order mark', '\ufeffDUP-1'],
    ['a soft hyphen', 'DUP\u00ad1'],
    ['a change of the direction', 'DUP-\u202e1'],
    ['a combining grapheme joiner', 'DUP\u034f-1'],
    ['a Hangul filler', 'DUP-1\u3164'],
    ['a variation selector', 'DUP-1\ufe0f'],
    ['a tag', 'DUP-1\u{e0031}'],
    ['a control character', 'DUP\u0007-1'],
    ['a line separator', 'DUP\u2028-1'],
    ['half of a surrogate pair', 'DUP\ud800-1'],
    ['a space at its end', 'DUP-1 '],
    ['a no-break space at its beginning', '\u00a0DUP-1'],
    ['an ideographic space at its end', 'DUP-1\u3000'],
    ['no character', ''],
    ['65 characters', 'x'.repeat(65)],
  ])('is refused with %s', (_what, orderId) => {
    expect(orderIdSchema.safeParse(orderId).success).toBe(false);
  });

  it('is documented by a pattern that says the same of every character of the basic plane', () => {
    const documented = new RegExp(String(orderIdSchema.meta()?.pattern), 'u');
    const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code));
    const wrong = characters
      // Half of a pair is no character, and no JSON in UTF-8 has one.
      .filter((character) => !/\p{Cs}/u.test(character))
      .flatMap((character) => [`a${character}a`, character])
      .filter((id) => documented.test(id) !== orderIdSchema.safeParse(id).success);
    expect(wrong).toEqual([]);
  });

  it('looks like another one only if a human takes it for the other', () => {
    expect(looksLike('A-1', 'a\u20101')).toBe(true);
    expect(looksLike('A-1', 'A-2')).toBe(false);
    expect(looksLike('A-1', 'A-11')).toBe(false);
  });
});
