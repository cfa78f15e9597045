import { type Progress, progressOf } from '../src/domain/next-step.js';
import { type ParentWait, parentIdOf, saysThatItWaits, waitForParent } from '../src/domain/parent.js';
import { findConversion, lookUpConversion } from '../src/ledger/find-conversion.js';
import { endWaiting, markWaiting } from '../src/ledger/wait-for-parent.js';
import type { ActivityDeps } from './deps.js';
import { progressAfter } from './wake-children.js';

export interface ParentCheck {
  progress: Progress;
  /** When to look again, at the latest. Without it, the conversion does not wait (any more). */
  waitMs?: number;
}

/** Each step of the parent that matters wakes the child. If that were ever lost, the child looks for itself. */
const LOOK_AGAIN_MS = 86_400_000;

/** It was sent meanwhile, or the programme has changed. */
const NONE: ParentWait = { isOver: true, detail: 'Waits for no parent any more.' };

/**
 * Whether a child waits for its parent. The ledger says that it waits before its parent is read: another worker writes what
 * became of the parent first, and then looks for children that wait. So one of the two always sees the other.
 */
export async function checkParent(deps: ActivityDeps, conversionId: string): Promise<ParentCheck> {
  const { db, programme } = deps;
  for (;;) {
    const child = await findConversion(db, conversionId);
    const progress = progressOf(child, deps);
    const { next } = progress;
    if (next?.kind !== 'report') return { progress: await progressAfter(deps, child) };
    const after = next.after && programme.parentOf(child.campaignEventId);
    const parent = after ? await lookUpConversion(db, parentIdOf(child, after)) : null;
    const now = new Date();
    const wait = after ? waitForParent(child, parent, after, now) : NONE;
    if (wait.isOver) return { progress: progressOf(await endWaiting(deps, child, wait), deps) };
    if (saysThatItWaits(child, wait)) {
      const untilMs = wait.until ? wait.until.getTime() - now.getTime() : LOOK_AGAIN_MS;
      const waitMs = Math.min(untilMs, LOOK_AGAIN_MS);
      return { progress: { ...progress, detail: wait.detail }, waitMs };
    }
    await markWaiting(deps, child, wait);
  }
}
