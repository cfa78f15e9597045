import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { chromiumOrSkip } from './test/browser/support/chromium.js';

const chromiumPath = chromiumOrSkip(process.env);
const react18 = (name: string) =>
  fileURLToPath(new URL(`test/sites/next14/node_modules/${name}`, import.meta.url));

/** `npm run test:sites`: production builds of sites with Next.js 14 and 15, and the hook with React 18. */
export default defineConfig({
  test: {
    // Once for all projects.
    globalSetup: ['test/support/global-setup.ts', 'test/sites/support/build-packages.ts'],
    projects: [
      {
        test: {
          name: 'sites',
          include: chromiumPath ? ['test/sites/*.test.ts'] : [],
          provide: { chromiumPath: chromiumPath ?? '' },
          pool: 'forks',
          testTimeout: 30_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 15_000, interval: 50 } },
        },
      },
      {
        resolve: { alias: { react: react18('react'), 'react-dom': react18('react-dom') } },
        test: { name: 'React 18', include: ['test/capture/react.test.ts'] },
      },
    ],
  },
});
