import { defineConfig } from 'vitest/config';

/** `npm test`: runs the service's tests, then the site and the Temporal UI in a browser, in turn, as each uses all cores. */
export default defineConfig({
  test: {
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
