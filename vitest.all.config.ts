import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.js';
import browser from './vitest.browser.config.js';
import service from './vitest.config.js';

/** `npm test`: tests the service with the console and the Temporal UI, which wait a lot, and then the site in a browser. */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    // Once for all projects.
    globalSetup: 'test/support/global-setup.ts',
    projects: [
      { test: { ...service.test, name: 'service', globalSetup: [], sequence: { groupOrder: 1 } } },
      { test: { ...browser.test, globalSetup: 'test/browser/support/build-site.ts' } },
      './vitest.operator-ui.config.ts',
    ],
  },
});
