import { defineConfig } from 'vitest/config';
import { findChromium } from './test/browser/support/chromium.js';

declare module 'vitest' {
  interface ProvidedContext {
    chromiumPath: string;
  }
}

const chromiumPath = findChromium(process.env);
if (!chromiumPath) {
  const missing = 'There is no Chromium: install it, or set CHROMIUM_PATH.';
  if (process.env.CI) throw new Error(missing);
  console.error(`\n  The tests in a browser are SKIPPED. ${missing}\n`);
}

/** The example in a real browser. */
export default defineConfig({
  test: {
    name: 'browser',
    include: chromiumPath ? ['test/browser/**/*.test.ts'] : [],
    passWithNoTests: true,
    globalSetup: chromiumPath ? 'test/browser/support/global-setup.ts' : [],
    provide: { chromiumPath: chromiumPath ?? '' },
    pool: 'forks',
    sequence: { groupOrder: 2 },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
