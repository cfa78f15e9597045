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
    // After all others: its processes would import once more what those of the service share.
    maxWorkers: 2,
    sequence: { groupOrder: 2 },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
