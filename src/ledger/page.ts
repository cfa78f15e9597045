import type { QueryFilter } from 'mongoose';
import type { Conversion } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';

/** A list is newest first by one of these times, and then by the id. Neither changes once a conversion has come. */
export type PageOrder = 'createdAt' | 'occurredAt';

/** Where a page ended. */
type PageEnd = { at: Date; _id: string };

export function pageSort(order: PageOrder): Record<string, -1> {
  return { [order]: -1, _id: -1 };
}

/** @throws DomainError `invalid_request` where the cursor is malformed, or of a list in the other order */
export function afterCursor(order: PageOrder, cursor: string | undefined): QueryFilter<Conversion>[] {
  if (cursor === undefined) return [];
  const { at, _id } = decodeCursor(order, cursor);
  return [
    // The first says where to begin in the index; the second leaves out those of the same moment.
    { [order]: { $lte: at } },
    { $or: [{ [order]: { $lt: at } }, { _id: { $lt: _id } }] },
  ];
}

/** One list of several in the same order, with each conversion once. */
export function mergePages(order: PageOrder, lists: readonly Conversion[][]): Conversion[] {
  const [first = [], ...others] = lists;
  if (others.length === 0) return first;
  const byId = new Map(lists.flat().map((conversion) => [conversion._id, conversion]));
  // MongoDB compares ids by their bytes.
  return [...byId.values()].toSorted(
    (one, other) =>
      other[order].getTime() - one[order].getTime() ||
      Buffer.compare(Buffer.from(other._id), Buffer.from(one._id)),
  );
}

const PREFIX = { createdAt: '', occurredAt: 'o' } as const;

/** Opaque to callers: what is in it may change. */
export function encodeCursor(order: PageOrder, end: Pick<Conversion, PageOrder | '_id'>): string {
  return Buffer.from(`${PREFIX[order]}${end[order].getTime()} ${end._id}`).toString('base64url');
}

function decodeCursor(order: PageOrder, cursor: string): PageEnd {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, prefix, time, _id] = /^(o?)(-?\d{1,15}) (.+)$/s.exec(text) ?? [];
  if (prefix === PREFIX[order] && time !== undefined && _id !== undefined)
    return { at: new Date(Number(time)), _id };
  throw new DomainError(
    'invalid_request',
    'The cursor is malformed: send the nextCursor of the page before, as it is and with the same filter, or none for the first page.',
    { fields: [{ field: 'cursor', message: 'is malformed' }] },
  );
}
