import { defineConfig } from 'vitest/config';

/** `npm test`: the service first, and then the site and the Temporal UI in a browser, as each keeps all cores busy. */
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
