import type { Conversion } from '../src/domain/conversion.js';
import { progressOf } from '../src/domain/next-step.js';
import { saysThatItWaits, waitForParent } from '../src/domain/parent.js';
import { findWaitingChildren } from '../src/ledger/wait-for-parent.js';
import type { ActivityDeps } from './deps.js';

/** What is next after a step of a conversion, once those that wait for it are awake. */
export async function progressAfter(deps: ActivityDeps, conversion: Conversion, adjustmentId?: string) {
  await wakeChildren(deps, conversion);
  return progressOf(conversion, deps, adjustmentId);
}

/**
 * Wakes the conversions that wait for this one, unless they know already where it stands. An activity calls it after each
 * step of a conversion that its children may wait for, and fails where it fails: so it is repeated, also by another worker,
 * until the children are awake. It costs nothing where no event of the programme waits for this one.
 */
export async function wakeChildren(deps: ActivityDeps, parent: Conversion): Promise<void> {
  const { db, programme, wake } = deps;
  const eventIds = programme.childrenOf(parent.campaignEventId).map(({ id }) => id);
  // On its way to Impact it ends no waiting.
  if (eventIds.length === 0 || parent.status === 'reporting') return;
  for (const child of await findWaitingChildren(db, parent, eventIds)) {
    const after = programme.parentOf(child.campaignEventId);
    if (!after) continue;
    const wait = waitForParent(child, parent, after, new Date());
    if (wait.isOver || !saysThatItWaits(child, wait)) await wake(child);
  }
}
