import { vi } from 'vitest';

/**
 * Waits for a condition. Temporal's lists and deployments are looked at less often, as each look costs the server as
 * much as a workflow's step.
 */
export function until(isSo: () => Promise<boolean>, timeout = 20_000, interval = 50): Promise<void> {
  return vi.waitFor(
    async () => {
      if (!(await isSo())) throw new Error('the condition was not met in time');
    },
    { timeout, interval },
  );
}

export const SELDOM_MS = 500;
