import { defineConfig } from 'vitest/config';
import service from './vitest.config.js';

/** `npm run record:histories`: runs every path of the workflows and saves the histories for test/workflows/replay.test.ts. */
export default defineConfig({
  test: { ...service.test, include: ['test/workflows/record-histories.ts'] },
});
