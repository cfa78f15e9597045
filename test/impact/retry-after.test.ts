import { describe, expect, it } from 'vitest';
import { RetryableImpactError } from '../../src/impact/errors.js';
import { retryAfterMs } from '../../src/impact/retry-after.js';
import { outcomeOf } from './support.js';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const wait = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), NOW);

describe('the rate limit', () => {
  it('is retryable, and Impact has certainly not taken the conversion', async () => {
    const outcome = await outcomeOf(429, '{"Status":"ERROR","Message":"slow down"}', { 'retry-after': '7' });
    expect(outcome).toBeInstanceOf(RetryableImpactError);
    expect(outcome).toMatchObject({
      code: 'impact_rate_limited',
      httpStatus: 429,
      notTaken: true,
      retryAfterMs: 7_000,
    });
  });

  it('needs no body', async () => {
    expect(await outcomeOf(429)).toMatchObject({ code: 'impact_rate_limited', retryAfterMs: undefined });
  });
});

describe('the wait that Impact requests', () => {
  it('is Retry-After in seconds', () => {
    expect(wait({ 'Retry-After': '120' })).toBe(120_000);
  });

  it('is Retry-After as a date', () => {
    expect(wait({ 'Retry-After': 'Mon, 23 Nov 2026 10:01:30 GMT' })).toBe(90_000);
  });

  it('is X-RateLimit-Reset in seconds until the reset', () => {
    expect(wait({ 'X-RateLimit-Reset': '700' })).toBe(700_000);
  });

  it('is X-RateLimit-Reset as the time of the reset', () => {
    expect(wait({ 'X-RateLimit-Reset': String(NOW / 1000 + 30) })).toBe(30_000);
  });

  it('is RateLimit-Reset, which the Partner API sends', () => {
    expect(wait({ 'RateLimit-Reset': '700' })).toBe(700_000);
  });

  it('is Retry-After if there are several headers', () => {
    expect(wait({ 'X-RateLimit-Reset': '700', 'Retry-After': '5' })).toBe(5_000);
  });

  it('is the next header if one is unusable', () => {
    expect(wait({ 'Retry-After': 'soon', 'X-RateLimit-Reset': '9' })).toBe(9_000);
  });

  it.each([
    ['missing', {}],
    ['neither a number nor a date', { 'Retry-After': 'soon' }],
    ['empty', { 'Retry-After': '' }],
    ['zero', { 'Retry-After': '0' }],
    ['negative', { 'Retry-After': '-5' }],
    ['a date in the past', { 'Retry-After': 'Mon, 23 Nov 2026 09:59:59 GMT' }],
    ["the example of Impact's documentation, long past", { 'X-RateLimit-Reset': '1487332519' }],
    ['more than a day', { 'Retry-After': '86401' }],
    ['infinite', { 'X-RateLimit-Reset': 'Infinity' }],
  ] as [string, Record<string, string>][])(
    'is the ordinary backoff if the header is %s',
    (_what, headers) => {
      expect(wait(headers)).toBeUndefined();
    },
  );

  it('may be a whole day', () => {
    expect(wait({ 'Retry-After': '86400' })).toBe(86_400_000);
  });
});
