import { describe, expect, it } from 'vitest';
import { momentOf } from '../../src/domain/moment.js';

const iso = (text: string, edge: 'from' | 'to') => momentOf(text, edge)?.toISOString();

describe('a span of days', () => {
  it('begins with its first day and ends with its last one, in UTC', () => {
    expect(iso('2026-11-17', 'from')).toBe('2026-11-17T00:00:00.000Z');
    expect(iso('2026-11-17', 'to')).toBe('2026-11-18T00:00:00.000Z');
  });

  it.each(['from', 'to'] as const)('takes a time as it is: %s', (edge) => {
    expect(iso('2026-11-17T09:30:00+01:00', edge)).toBe('2026-11-17T08:30:00.000Z');
    expect(iso('2026-11-17T08:30Z', edge)).toBe('2026-11-17T08:30:00.000Z');
  });

  it.each([
    ['nothing', ''],
    ['a word', 'yesterday'],
    ['a day that does not exist', '2026-02-30'],
    ['a time of a day that does not exist', '2026-02-30T00:00:00Z'],
    ['an hour that does not exist', '2026-11-17T25:00:00Z'],
    ['a time without its zone', '2026-11-17T08:00:00'],
    ['a month', '2026-11'],
    ['a day with spaces', ' 2026-11-17 '],
  ])('does not take %s', (_what, text) => {
    expect(momentOf(text, 'from')).toBeUndefined();
  });
});
