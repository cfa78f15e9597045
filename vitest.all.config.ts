import { defineConfig } from 'vitest/config';

/** `npm test`: the service first, and then the site in a browser, as both keep all cores busy. */
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
    ],
  },
});
