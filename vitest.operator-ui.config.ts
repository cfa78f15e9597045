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
    // Together with the tests of the service (vitest.config.ts), which needs the same number of processes.
    maxWorkers: 4,
    sequence: { groupOrder: 1 },
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
});
