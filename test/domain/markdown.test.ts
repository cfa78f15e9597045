import { describe, expect, it } from 'vitest';
import { code, plain } from '../../src/domain/markdown.js';

describe('text of others in Markdown', () => {
  it('neither formats nor links nor loads anything', () => {
    expect(plain('<img src=x> ![a](b) `c` *d*')).toBe('\\<img src=x\\> !\\[a\\](b) \\`c\\` \\*d\\*');
  });

  it('stays on its line', () => {
    expect(plain('one\n\n# two\r\n- three')).toBe('one # two - three');
  });

  it('moves no cursor and reverses nothing', () => {
    expect(plain('a\u001b[2J\u202eb\u200b')).toBe('a\\\\u001b\\[2J\\\\u202eb\\\\u200b');
    expect(code('a\u202eb')).toBe('`a\\u202eb`');
  });

  it('is never cut within an emoji', () => {
    expect(plain('😀😀😀', 4)).toBe('😀…');
  });

  it('is cut where it is long', () => {
    expect(plain('x'.repeat(50), 10)).toBe('xxxxxxxxx…');
  });
});

describe('text of others as code', () => {
  it.each([
    ['order-1', '`order-1`'],
    ['a`b', '``a`b``'],
    ['`a``b', '``` `a``b ```'],
  ])('%s cannot end it', (text, expected) => {
    expect(code(text)).toBe(expected);
  });
});
