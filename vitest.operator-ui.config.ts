import { defineConfig } from 'vitest/config';
import { chromiumOrSkip } from './test/browser/support/chromium.js';

const chromiumPath = chromiumOrSkip(process.env);

/** The Temporal UI in a real browser, before the stack of `npm start`, which each file starts for itself. */
export default defineConfig({
  test: {
    name: 'operator-ui',
    include: chromiumPath ? ['test/operator-ui/**/*.test.ts'] : [],
    passWithNoTests: true,
    provide: { chromiumPath: chromiumPath ?? '' },
    pool: 'forks',
    sequence: { groupOrder: 3 },
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
