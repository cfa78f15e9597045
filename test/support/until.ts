import { vi } from 'vitest';

/** Resolves once the condition holds. */
export function until(isSo: () => Promise<boolean>, timeout = 20_000): Promise<void> {
  return vi.waitFor(
    async () => {
      if (!(await isSo())) throw new Error('it never came to be so');
    },
    { timeout, interval: 25 },
  );
}
