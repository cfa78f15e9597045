import { describe, expect, it } from 'vitest';
import { RetryableImpactError } from '../../src/impact/errors.js';
import { retryAfterMs } from '../../src/impact/retry-after.js';
import { outcomeOf } from './support.js';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const wait = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), NOW);

describe('the rate limit', () => {
  it('is worth another try, and Impact has certainly not taken the conversion', async () => {
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

describe('the wait that Impact asks for', () => {
  it('is Retry-After in seconds', () => {
    expect(wait({ 'Retry-After': '120' })).toBe(120_000);
  });

  it('is Retry-After as a date', () => {
    expect(wait({ 'Retry-After': 'Mon, 23 Nov 2026 10:01:30 GMT' })).toBe(90_000);
  });

  it('is X-RateLimit-Reset as the seconds until the reset', () => {
    expect(wait({ 'X-RateLimit-Reset': '700' })).toBe(700_000);
  });

  it('is X-RateLimit-Reset as the time of the reset', () => {
    expect(wait({ 'X-RateLimit-Reset': String(NOW / 1000 + 30) })).toBe(30_000);
  });

  it('is RateLimit-Reset, as the Partner API has it', () => {
    expect(wait({ 'RateLimit-Reset': '700' })).toBe(700_000);
  });

  it('is Retry-After where there are several', () => {
    expect(wait({ 'X-RateLimit-Reset': '700', 'Retry-After': '5' })).toBe(5_000);
  });

  it('is the next header where one says nothing', () => {
    expect(wait({ 'Retry-After': 'soon', 'X-RateLimit-Reset': '9' })).toBe(9_000);
  });

  it.each([
    ['nothing', {}],
    ['no number and no date', { 'Retry-After': 'soon' }],
    ['empty', { 'Retry-After': '' }],
    ['zero', { 'Retry-After': '0' }],
    ['negative', { 'Retry-After': '-5' }],
    ['a date in the past', { 'Retry-After': 'Mon, 23 Nov 2026 09:59:59 GMT' }],
    ["the example of Impact's documentation, long past", { 'X-RateLimit-Reset': '1487332519' }],
    ['more than a day', { 'Retry-After': '86401' }],
    ['infinite', { 'X-RateLimit-Reset': 'Infinity' }],
  ] as [string, Record<string, string>][])(
    'is left to the ordinary backoff where it is %s',
    (_what, headers) => {
      expect(wait(headers)).toBeUndefined();
    },
  );

  it('may be a whole day', () => {
    expect(wait({ 'Retry-After': '86400' })).toBe(86_400_000);
  });
});
