import { configDefaults, defineConfig } from 'vitest/config';
import { chromiumOrSkip } from './test/browser/support/chromium.js';
import { findExecutable } from './test/support/find-executable.js';
import { SlowestFirst } from './test/support/slowest-first.js';

declare module 'vitest' {
  interface ProvidedContext {
    chromiumPath: string;
    promtoolPath: string;
    prometheusPath: string;
  }
}

const promtoolPath = findExecutable(process.env, 'promtool');
const prometheusPath = findExecutable(process.env, 'prometheus');
if (!promtoolPath || !prometheusPath) {
  const missing = 'There is no promtool or no prometheus: install Prometheus (Debian: prometheus).';
  if (process.env.CI) throw new Error(missing);
  console.error(`\n  The tests of monitoring/ are SKIPPED. ${missing}\n`);
}

// The page of the console alone: the other tests in a browser have their own configurations, vitest.*.config.ts.
const chromiumPath = chromiumOrSkip(process.env);

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [
      ...configDefaults.exclude,
      'test/browser/**',
      'test/operator-ui/**',
      'test/sites/**',
      'test/walkthrough/**',
      ...(promtoolPath && prometheusPath ? [] : ['test/monitoring/**']),
      ...(chromiumPath ? [] : ['test/console/**']),
    ],
    globalSetup: 'test/support/global-setup.ts',
    provide: {
      chromiumPath: chromiumPath ?? '',
      promtoolPath: promtoolPath ?? '',
      prometheusPath: prometheusPath ?? '',
    },
    // We use separate processes, because a worker holds native threads. The files of one process share only imported
    // modules: each file has its own database, namespace and servers. The tests wait more than they compute, so we run
    // twice as many processes as the smallest machine has cores.
    pool: 'forks',
    isolate: false,
    maxWorkers: 4,
    sequence: { sequencer: SlowestFirst },
    // The servers are real, and slow on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 15_000, interval: 50 } },
  },
});
