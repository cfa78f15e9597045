import { expect, test } from 'vitest';
import { inWords } from '../../src/domain/duration.js';

test.each([
  [259_200_000, '3 days'],
  [86_400_000, '1 day'],
  [129_600_000, '1.5 days'],
  [172_800_000 - 1_800_000, '2 days'],
  [7_200_000, '2 hours'],
  [300_000, '5 minutes'],
  [40_000, '40 seconds'],
  [500, '0.5 seconds'],
])('%i milliseconds are %s', (durationMs, words) => {
  expect(inWords(durationMs)).toBe(words);
});
