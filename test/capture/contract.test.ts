import fc from 'fast-check';
import { expect, it } from 'vitest';
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

it('the API accepts every captured click id, in the header and in the body of the attribution', () => {
  fc.assert(
    fc.property(clickId(), (id) => {
      expect(isClickId(capture.parseClickId(id))).toBe(true);
      expect(clickIdBody.parse({ clickId: id })).toEqual({ clickId: id });
    }),
  );
});

it('capture accepts every click id that the API accepts, unless it begins or ends with a space', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 66 }), (value) => {
      const captured = capture.parseClickId(value);
      expect(captured).toBe(isClickId(value) && value === value.trim() ? value : undefined);
    }),
  );
});
