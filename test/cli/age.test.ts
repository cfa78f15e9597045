import { describe, expect, it } from 'vitest';
import { age } from '../../src/cli/age.js';

const NOW = new Date('2026-11-23T12:00:00Z');

describe('an age', () => {
  it.each([
    ['2026-11-23T12:00:05Z', 'now'],
    ['2026-11-23T12:00:00Z', 'now'],
    ['2026-11-23T11:59:01Z', '59 s ago'],
    ['2026-11-23T11:01:00Z', '59 min ago'],
    ['2026-11-23T09:00:01Z', '2 h ago'],
    ['2026-11-21T12:00:01Z', '47 h ago'],
    ['2026-11-21T12:00:00Z', '2 days ago'],
    ['2026-08-15T12:00:00Z', '100 days ago'],
  ])('is in whole units: %s', (at, words) => {
    expect(age(new Date(at), NOW)).toBe(words);
  });
});
