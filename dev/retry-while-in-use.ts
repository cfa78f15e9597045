import { setTimeout as delay } from 'node:timers/promises';

/** How long a server whose parent was killed may take to let go of its files: its guard's grace, and then some. */
const RELEASE_TIMEOUT_MS = 20_000;

export type InUse = {
  /** Matches what the server says when it ends because another still has its files. */
  sign: RegExp;
  /** Called once, if there is anything to wait for. */
  onWait: () => void;
};

/** Starts a server on files that the previous one may still be closing. */
export async function retryWhileInUse<T>(start: () => Promise<T>, { sign, onWait }: InUse): Promise<T> {
  const deadline = Date.now() + RELEASE_TIMEOUT_MS;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await start();
    } catch (error) {
      if (!(error instanceof Error && sign.test(error.message)) || Date.now() > deadline) throw error;
    }
    if (attempt === 1) onWait();
    await delay(200);
  }
}
