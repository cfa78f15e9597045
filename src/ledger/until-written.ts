import { setTimeout as delay } from 'node:timers/promises';
import { DomainError } from '../domain/errors.js';

/** Far longer than the writers of one conversion take together, and shorter than callers of the API and activities wait. */
const DEADLINE_MS = 8_000;

const LONGEST_WAIT_MS = 50;

/**
 * Repeats a read and a conditional write of one conversion until the write goes through. A write that fails means that
 * another writer has succeeded, so among concurrent writers each gets its turn; the random wait keeps them apart.
 * @param attempt resolves with null if the conversion has moved between its read and its write
 * @throws DomainError `concurrent_update`
 */
export async function untilWritten<T>(
  id: string,
  attempt: () => Promise<T | null>,
  deadlineMs = DEADLINE_MS,
): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (let tries = 1; ; tries += 1) {
    const written = await attempt();
    if (written !== null) return written;
    if (performance.now() >= deadline) break;
    await delay(Math.random() * Math.min(2 ** tries, LONGEST_WAIT_MS));
  }
  throw new DomainError(
    'concurrent_update',
    `Other requests are changing the conversion "${id}" at this moment. Send the request again.`,
  );
}
