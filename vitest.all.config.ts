import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest-first.js';

/** `npm test`: tests the service with the Temporal UI, which wait a lot, and then the site in a browser, which does not. */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        extends: './vitest.config.ts',
        test: {
          name: 'service',
          sequence: { groupOrder: 1 },
        },
      },
      './vitest.browser.config.ts',
      './vitest.operator-ui.config.ts',
    ],
  },
});
