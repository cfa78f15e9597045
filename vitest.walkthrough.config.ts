import { defineConfig } from 'vitest/config';
import { chromiumOrSkip } from './test/browser/support/chromium.js';
import { findExecutable } from './test/support/find-executable.js';

const chromiumPath = chromiumOrSkip(process.env);
const prometheusPath = findExecutable(process.env, 'prometheus');
const canRun = chromiumPath && prometheusPath && process.platform === 'linux';

/** `npm run walkthrough`: plays an incident from alert to end, and writes its output into docs/walkthrough.md. */
export default defineConfig({
  test: {
    name: 'walkthrough',
    include: canRun ? ['test/walkthrough/**/*.test.ts'] : [],
    provide: { chromiumPath: chromiumPath ?? '', prometheusPath: prometheusPath ?? '' },
    pool: 'forks',
    hookTimeout: 90_000,
    testTimeout: 900_000,
  },
});
