import { setTimeout as delay } from 'node:timers/promises';

/** Until the worker stops. The next round tries again what has failed. */
export async function repeat(
  { intervalMs, signal }: { intervalMs: number; signal: AbortSignal },
  round: () => Promise<void>,
  onFailure: (error: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    await round().catch(onFailure);
    await delay(intervalMs, undefined, { signal }).catch(() => undefined);
  }
}
