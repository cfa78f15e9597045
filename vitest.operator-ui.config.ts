import { defineConfig } from 'vitest/config';
import { chromiumOrSkip } from './test/browser/support/chromium.js';

const chromiumPath = chromiumOrSkip(process.env);

/** Tests the Temporal UI in a real browser. Each file starts its own stack, like `npm start`. */
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
