import { HELD_DAYS, type SkipReason } from '../domain/conversion.js';
import type { Programme } from '../domain/programme/programme.js';
import { findReleasable, type Releasable, release } from '../ledger/release-skipped.js';
import type { Ledger } from '../ledger/transition.js';
import type { Logger } from '../logger.js';
import { forEachConversion } from './for-each-conversion.js';
import { repeat } from './repeat.js';

type ReleaseDeps = Ledger & { programme: Programme; logger: Logger };

export interface ReleaseOptions {
  intervalMs: number;
  /** How long a conversion waits for its user. */
  heldMs: number;
  signal: AbortSignal;
}

/** By default. */
export const RELEASE: Omit<ReleaseOptions, 'signal'> = { intervalMs: 10_000, heldMs: HELD_DAYS * 86_400_000 };

/** Why a conversion is decided again, in the words of its timeline. */
const HELD = { reason: 'user_not_found', detail: 'The user appeared.' } as const;
/** A newer version of the worker may decide otherwise. */
const AT_START = {
  reason: 'click_after_event',
  detail: 'Decided again at the start of a worker: a click counts for it.',
} as const;

/**
 * Decides conversions again that were skipped for a reason that may have gone: in each round those that are held because
 * this service did not know their user, and in the first round also those whose click came after the event. The relay then
 * starts what is pending. Neither signups nor sales wait for this, or pay for it.
 */
export async function releaseSkipped(deps: ReleaseDeps, options: ReleaseOptions): Promise<void> {
  let causes: { reason: SkipReason; detail: string }[] = [HELD, AT_START];
  const round = async () => {
    for (const cause of causes) await releaseAll(deps, options, cause);
    causes = [HELD];
  };
  await repeat(options, round, (err) => {
    deps.logger.warn(
      { err, code: 'release_failed' },
      'held conversions could not be released; the worker tries again',
    );
  });
}

/** @throws the first error, once every other conversion was released */
async function releaseAll(
  deps: ReleaseDeps,
  { heldMs, signal }: ReleaseOptions,
  { reason, detail }: { reason: SkipReason; detail: string },
): Promise<void> {
  const since = new Date(Date.now() - heldMs);
  const found = findReleasable(deps.db, { reason, policy: deps.programme.attribution, since });
  const idOf = ({ _id }: Releasable) => _id;
  const [failure] = await forEachConversion(found, idOf, async (releasable) => {
    const released = signal.aborted ? null : await release(deps, releasable, detail);
    // Another worker may have done it just before.
    if (!released) return;
    const { _id: conversionId, status } = released;
    deps.logger.info({ conversionId, status, reason: released.reason }, `decided again: ${detail}`);
  });
  if (failure) throw failure.err;
}
