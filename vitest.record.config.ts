import { defineConfig } from 'vitest/config';
import service from './vitest.config.js';

/** `npm run record:histories`: takes every path of the workflows, and saves their histories for the replay test. */
export default defineConfig({
  test: { ...service.test, include: ['test/workflows/record-histories.ts'] },
});
