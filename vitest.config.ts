import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need a browser: vitest.browser.config.ts and vitest.operator-ui.config.ts.
    exclude: [...configDefaults.exclude, 'test/browser/**', 'test/operator-ui/**'],
    globalSetup: 'test/support/global-setup.ts',
    // Separate processes, as a worker holds native threads. Files of one process share what they import, and nothing
    // else: each has its own database, namespace and servers. They wait more than they compute, hence one process
    // more than the smallest machine has cores.
    pool: 'forks',
    isolate: false,
    maxWorkers: 3,
    // The servers are real, and take their time on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 25 } },
  },
});
