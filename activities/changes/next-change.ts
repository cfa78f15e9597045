import { type Change, type ChangeKind, firstOf, isOpen } from '../../src/domain/adjustment.js';
import type { Database } from '../../src/mongo.js';
import { findConversion } from '../find-conversion.js';

export interface NextChange {
  id: string;
  kind: ChangeKind;
  reason: string;
  /** Older amounts, which it makes pointless: each amount is the whole amount. */
  superseded?: string[];
}

/**
 * What is to be carried out next, and what no longer has to be.
 * @param done the changes that this workflow has been through
 * @returns null where nothing is left
 */
export function createNextChange({ db }: { db: Database }) {
  return async function nextChange(
    conversionId: string,
    done: readonly string[] = [],
  ): Promise<NextChange | null> {
    const { status, changes = [] } = await findConversion(db, conversionId);
    if (status === 'reversed') return null;
    const open = changes.filter((change) => isOpen(change) && !done.includes(change.id));
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
function supersededBy(next: Change, open: readonly Change[]): string[] {
  if (next.kind === 'reversal') return [];
  return open.filter((change) => change !== next && change.status !== 'submitted').map(({ id }) => id);
}
