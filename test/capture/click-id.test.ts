import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClickId, readClickId } from '../../capture/src/index.js';
import { clickId } from './support/arbitraries.js';

describe('parseClickId', () => {
  it.each(['3t6RuJ:x0-xyNWQ', '_aBcD-0123456789:abcdefghijklmnopqrstuvwxyz', 'a', '50%', '%3A', `'=&+#?`])(
    'accepts %j unchanged',
    (value) => {
      expect(parseClickId(value)).toBe(value);
    },
  );

  it.each([
    '',
    ' ',
    ' a',
    'a ',
    'a b',
    'a,b',
    'a;b',
    '"a"',
    'a\\b',
    'a\n',
    'a\tb',
    'é',
    '\u{1f600}',
    'a'.repeat(65),
    undefined,
    null,
    5,
    {},
    ['a'],
  ])('refuses %j', (value) => {
    expect(parseClickId(value)).toBeUndefined();
  });

  it('accepts every click id', () => {
    fc.assert(fc.property(clickId(), (id) => parseClickId(id) === id));
  });

  it('never throws, and returns only the value itself: 1 to 64 printable characters', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        const id = parseClickId(value);
        expect(id === undefined || (id === value && /^[!-~]{1,64}$/.test(id))).toBe(true);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 70 }), (value) => {
        expect([undefined, value]).toContain(parseClickId(value));
        expect(parseClickId(`${value}\n`)).toBeUndefined();
      }),
    );
  });
});

describe('readClickId', () => {
  it('decodes once', () => {
    expect(readClickId('https://example.com/?im_ref=3t6RuJ%3Ax0')).toBe('3t6RuJ:x0');
    expect(readClickId('https://example.com/?im_ref=3t6RuJ%253Ax0')).toBe('3t6RuJ%3Ax0');
    expect(readClickId('https://example.com/?im_ref=a%2Bb')).toBe('a+b');
    expect(readClickId('https://example.com/?im_ref=50%')).toBe('50%');
  });

  it.each(['a+b', 'a%20b', '%20a', 'a%20', 'a,b', 'a%2C+b', 'a%3Bb', '%22a%22', 'a%5Cb'])(
    'ignores %s, which is no click id',
    (value) => {
      expect(readClickId(`https://example.com/?im_ref=${value}`)).toBeUndefined();
    },
  );

  it('returns the first click id of a repeated parameter', () => {
    expect(readClickId('/?im_ref=a&im_ref=b')).toBe('a');
    expect(readClickId('/?im_ref=&im_ref=a+b&im_ref=c')).toBe('c');
  });

  it('is case-sensitive', () => {
    expect(readClickId('/?im_ref=aBc')).toBe('aBc');
    expect(readClickId('/?IM_REF=aBc')).toBeUndefined();
  });

  it('reads absolute and relative URLs, and URL objects', () => {
    expect(readClickId(new URL('https://example.com/pricing?plan=pro&im_ref=a#im_ref=b'))).toBe('a');
    expect(readClickId('/pricing?im_ref=a')).toBe('a');
    expect(readClickId('?im_ref=a?b')).toBe('a?b');
    expect(readClickId('/pricing#?im_ref=a')).toBeUndefined();
    expect(readClickId('')).toBeUndefined();
  });

  it('checks the parameters in the given order, and returns the first click id', () => {
    const param = ['irclickid', 'clickid'];
    expect(readClickId('/?clickid=b&irclickid=a', { param })).toBe('a');
    expect(readClickId('/?irclickid=&clickid=b', { param })).toBe('b');
    expect(readClickId('/?im_ref=c', { param })).toBeUndefined();
    expect(readClickId('/?clickid=%00&clickid=b', { param: 'clickid' })).toBe('b');
  });

  it('returns every click id of a URL byte for byte', () => {
    fc.assert(
      fc.property(clickId(), (id) => {
        expect(readClickId(`https://example.com/?a=b&im_ref=${encodeURIComponent(id)}&c=d`)).toBe(id);
        expect(readClickId(`/?${new URLSearchParams({ im_ref: id })}`)).toBe(id);
      }),
    );
  });

  it('never throws, for any URL', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        readClickId(text);
        const id = readClickId(`https://example.com/?im_ref=${text}`);
        expect(id === undefined || id === parseClickId(id)).toBe(true);
      }),
    );
  });
});
