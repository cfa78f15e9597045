import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // A worker holds native threads, and the servers are real: separate processes, and time to start.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
