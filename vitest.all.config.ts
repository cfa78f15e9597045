import { defineConfig } from 'vitest/config';

/** `npm test`: tests the service, then the site and the Temporal UI in a browser, one by one, as each uses all cores. */
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
