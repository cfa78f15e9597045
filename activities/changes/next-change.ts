import { type ChangeKind, isOpen } from '../../src/domain/change.js';
import type { Database } from '../../src/mongo.js';
import { findConversion } from '../find-conversion.js';

export interface NextChange {
  id: string;
  kind: ChangeKind;
  reason: string;
}

/**
 * What is to be carried out next: a reversal before anything else, as after it no amount matters.
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
    const next = open.find(({ kind }) => kind === 'reversal') ?? open[0];
    return next ? { id: next.id, kind: next.kind, reason: next.reason } : null;
  };
}
