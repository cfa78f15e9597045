import { defineConfig } from 'vitest/config';
import { chromiumOrSkip } from './test/browser/support/chromium.js';

declare module 'vitest' {
  interface ProvidedContext {
    chromiumPath: string;
  }
}

const chromiumPath = chromiumOrSkip(process.env);

/** Tests the example site in a real browser. */
export default defineConfig({
  test: {
    name: 'browser',
    include: chromiumPath ? ['test/browser/**/*.test.ts'] : [],
    passWithNoTests: true,
    globalSetup: chromiumPath ? ['test/support/global-setup.ts', 'test/browser/support/build-site.ts'] : [],
    provide: { chromiumPath: chromiumPath ?? '' },
    pool: 'forks',
    isolate: false,
    // Together with the tests of the service (vitest.config.ts), which needs the same number of processes.
    maxWorkers: 4,
    sequence: { groupOrder: 1 },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
