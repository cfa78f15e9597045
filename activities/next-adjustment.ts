import { type Adjustment, type AdjustmentKind, firstOf, isOpen } from '../src/domain/adjustment.js';
import type { Database } from '../src/mongo.js';
import { findConversion } from './find-conversion.js';

export interface NextAdjustment {
  id: string;
  kind: AdjustmentKind;
  reason: string;
  /** Older amounts, which it makes pointless: each amount is the whole amount. */
  superseded?: string[];
}

/**
 * What is to be carried out next, and what no longer has to be.
 * @param done the adjustments that this workflow has been through
 * @returns null where nothing is left
 */
export function createNextAdjustment({ db }: { db: Database }) {
  return async function nextAdjustment(
    conversionId: string,
    done: readonly string[] = [],
  ): Promise<NextAdjustment | null> {
    const { status, adjustments = [] } = await findConversion(db, conversionId);
    if (status === 'reversed') return null;
    const open = adjustments.filter((adjustment) => isOpen(adjustment) && !done.includes(adjustment.id));
    const next = firstOf(open);
    if (!next) return null;
    const superseded = supersededBy(next, open);
    return {
      id: next.id,
      kind: next.kind,
      reason: next.reason,
      ...(superseded.length > 0 ? { superseded } : {}),
    };
  };
}

/** What Impact has acknowledged is followed all the same. With a reversal, the amounts end when that has come about. */
function supersededBy(next: Adjustment, open: readonly Adjustment[]): string[] {
  if (next.kind === 'reversal') return [];
  return open
    .filter((adjustment) => adjustment !== next && adjustment.status !== 'submitted')
    .map(({ id }) => id);
}
