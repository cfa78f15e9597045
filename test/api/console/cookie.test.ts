import { expect, it } from 'vitest';
import { createCookie } from '../../../src/api/console/cookie.js';

it.each([
  [undefined, undefined],
  ['', undefined],
  ['a=b; affiliate-console=x; c=d', 'x'],
  ['affiliate-console-sign-in=y;affiliate-console=x', 'x'],
  ['xaffiliate-console=y', undefined],
])('is read from %j', (header, value) => {
  expect(createCookie('affiliate-console', 'http://127.0.0.1').read(header)).toBe(value);
});
