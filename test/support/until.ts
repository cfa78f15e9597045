import { vi } from 'vitest';

/** Resolves once the condition holds. */
export function until(isSo: () => Promise<boolean>, timeout = 20_000): Promise<void> {
  return vi.waitFor(
    async () => {
      if (!(await isSo())) throw new Error('the condition was not met in time');
    },
    { timeout, interval: 25 },
  );
}
