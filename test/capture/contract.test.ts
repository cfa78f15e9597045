import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as capture from '../../capture/src/index.js';
import { affiliateHeaders } from '../../capture/src/server.js';
import { clickIdBody } from '../../src/api/routes/put-affiliate-attribution.js';
import { CLICK_ID_HEADER, isClickId } from '../../src/domain/attribution.js';
import { clickId } from './support/arbitraries.js';

/** `capture` and the service share no code. This file tests the values on which both rely. */

it('the cookie keeps its name, as browsers hold cookies for 30 days', () => {
  expect(capture.AFFILIATE_COOKIE).toBe('im_ref');
  expect(capture.AFFILIATE_MAX_AGE_SECONDS).toBe(30 * 24 * 60 * 60);
});

it('the API reads the header that a website’s server sends', () => {
  expect(capture.AFFILIATE_HEADER).toBe('X-Affiliate-Click-Id');
  expect(CLICK_ID_HEADER).toBe(capture.AFFILIATE_HEADER);
  expect(affiliateHeaders({ get: () => 'a' })).toEqual({ [CLICK_ID_HEADER]: 'a' });
});

describe('capture and the API agree on click ids', () => {
  /** The verdict of capture, of the API for the header, and of the API for the body. */
  const verdicts = (value: unknown) => [
    capture.parseClickId(value) === value,
    isClickId(value),
    clickIdBody.safeParse({ clickId: value }).success,
  ];
  const ACCEPTED = [true, true, true];
  const REFUSED = [false, false, false];

  it.each([34, 43])('for every id of %i characters in the alphabet of Impact', (length) => {
    const unit = fc.constantFrom(...'ABCXYZabcxyz0123456789:-');
    const id = fc.tuple(fc.constantFrom('', '_'), fc.string({ unit, minLength: length, maxLength: length }));
    fc.assert(fc.property(id, (parts) => void expect(verdicts(parts.join(''))).toEqual(ACCEPTED)));
  });

  it('for every click id', () => {
    fc.assert(fc.property(clickId(), (id) => void expect(verdicts(id)).toEqual(ACCEPTED)));
  });

  it.each(['grapheme-ascii', 'binary'] as const)('for every string (%s)', (unit) => {
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 66 }), (value) => {
        expect([ACCEPTED, REFUSED]).toContainEqual(verdicts(value));
      }),
    );
  });

  it('for every single character', () => {
    const accepted = Array.from({ length: 0x300 }, (_, code) => String.fromCharCode(code)).filter((value) => {
      expect([ACCEPTED, REFUSED]).toContainEqual(verdicts(value));
      return isClickId(value);
    });
    expect(accepted.join('')).toBe(
      "!#$%&'()*+-./0123456789:<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~",
    );
  });

  it.each([
    ['of Impact, with a colon', '3t6RuJ:x0xyNTcxyAQmE3TQUkDQ2N1dXyGVyA0'],
    ['of Impact, with an underscore at the start', '_abcdefghijklmnopqrstuvwxyz0123456789abcdefg'],
    ['of Impact, with hyphens', '7c1e1f54-0000-11ef-8000-0a1c0fb8'],
    ['that was encoded twice, and is decoded once', '3t6RuJ%3Ax0'],
    ['with 64 characters', 'x'.repeat(64)],
    ['with underscores around it, which is no macro', '_3t6RuJx0xyNTcxyAQmE3TQUkDQ2N1dXyGVy_'],
    ['with a brace at one end', '{abc'],
    ['with a percent sign at either end', '%3A%'],
  ])('which accept an id %s', (_what, value) => {
    expect(verdicts(value)).toEqual(ACCEPTED);
  });

  it.each([
    ['two headers that a proxy joined', 'abc, abc'],
    ['two headers that a proxy joined without a space', 'abc,abc'],
    ['a space at either end', ' abc '],
    ['only a space', ' '],
    ['a space inside, from a decoded plus', 'a b'],
    ['a semicolon, which ends a cookie', 'a;b'],
    ['quotes', '"abc"'],
    ['a backslash', 'a\\b'],
    ['nothing', ''],
    ['a macro in braces', '{clickid}'],
    ['a macro in double braces', '{{click_id}}'],
    ['a macro with a dollar sign', `$\{clickid}`],
    ['a macro in brackets', '[CLICK_ID]'],
    ['a macro between percent signs', '%%click%%'],
    ['a macro between underscores', '__CLICK_ID__'],
    ['a macro between underscores, with a digit', '__AFF_SUB2__'],
    ['65 characters', 'x'.repeat(65)],
    ['a newline at the end', 'abc\n'],
    ['a NUL', 'a\0b'],
    ['a DEL', 'a\x7fb'],
    ['a letter outside ASCII', 'clïck'],
    ['no string', ['abc']],
  ])('which refuse %s', (_what, value) => {
    expect(verdicts(value)).toEqual(REFUSED);
  });
});
