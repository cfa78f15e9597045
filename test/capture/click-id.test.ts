import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseClickId, readClickId } from '../../capture/src/index.js';
import { clickId, clickIdInUrl } from './support/arbitraries.js';

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

  it.each([
    ['&amp;, copied from HTML', '/?a=b&amp;im_ref=x'],
    ['&amp; that was escaped twice', '/?a=b&amp;amp;im_ref=x&amp;c=d'],
    ['a second ?', '/?a=b?im_ref=x'],
    ['a second ?, in a parameter without a value', '/?a?im_ref=x'],
    ['two ? in a row', '/??im_ref=x'],
    ['a second ? after it', '/?im_ref=x?utm_source=mail&a=b'],
    ['a second ? at either side', '/?a=b?im_ref=x?utm_source=mail'],
    ['a second ? that Next.js has encoded again', '/?a=b%3Fim_ref%3Dx'],
  ])('understands a link with %s', (_mistake, url) => {
    expect(readClickId(url)).toBe('x');
    expect(readClickId(url.replace('im_ref', 'clickid'), { param: ['irclickid', 'clickid'] })).toBe('x');
  });

  it.each([
    '/sign-in?redirect_url=https%3A%2F%2Fexample.com%2F%3Fim_ref%3Dx',
    '/sign-in?return_to=/pricing?im_ref=x',
    '/share?https://shop.example/?im_ref=x',
    '/?aim_ref=x',
    '/?a=b?aim_ref=x',
  ])('leaves the click id of another page alone: %s', (url) => {
    expect(readClickId(url)).toBeUndefined();
  });

  it.each(['{clickid}', '[CLICK_ID]', '%%click%%', '{{click_id}}', `$\{clickid}`, '__CLICK_ID__'])(
    'ignores %s, which the partner’s link did not replace',
    (macro) => {
      expect(readClickId(`/?im_ref=${macro}`)).toBeUndefined();
      expect(readClickId(`/?im_ref=${encodeURIComponent(macro)}&im_ref=x`)).toBe('x');
    },
  );

  it('returns every click id of a URL byte for byte', () => {
    fc.assert(
      fc.property(clickIdInUrl(), (id) => {
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
