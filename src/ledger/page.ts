import { DomainError } from '../domain/errors.js';

/** Lists go page by page, newest first by the time in a field that never changes, and then by the id. */

/** Where a page ended. */
type PageEnd<Field extends string> = Readonly<Record<Field, Date> & { _id: string }>;

export function pageSort(field: string): Record<string, -1> {
  return { [field]: -1, _id: -1 };
}

/**
 * The conditions for the entries after the page that ended with the cursor.
 * @throws DomainError `invalid_request` where the cursor is malformed, or of a list in another order
 */
export function afterCursor(field: string, cursor: string | undefined): Record<string, unknown>[] {
  if (cursor === undefined) return [];
  const { at, _id } = decodeCursor(field, cursor);
  return [
    // The first says where to begin in the index; the second leaves out those of the same moment.
    { [field]: { $lte: at } },
    { $or: [{ [field]: { $lt: at } }, { _id: { $lt: _id } }] },
  ];
}

/** One list of several in the same order, with each entry once. */
export function mergePages<Field extends string, Entry extends PageEnd<Field>>(
  field: Field,
  lists: readonly Entry[][],
): Entry[] {
  const [first = [], ...others] = lists;
  if (others.length === 0) return first;
  const byId = new Map(lists.flat().map((entry) => [entry._id, entry]));
  // MongoDB compares ids by their bytes.
  return [...byId.values()].toSorted(
    (one, other) =>
      other[field].getTime() - one[field].getTime() ||
      Buffer.compare(Buffer.from(other._id), Buffer.from(one._id)),
  );
}

/** Opaque to callers: what is in it may change. */
export function encodeCursor<Field extends string>(field: Field, end: PageEnd<Field>): string {
  return Buffer.from(`${field} ${end[field].getTime()} ${end._id}`).toString('base64url');
}

function decodeCursor(field: string, cursor: string): { at: Date; _id: string } {
  const text = Buffer.from(cursor, 'base64url').toString();
  const [, order, time, _id] = /^(\w+) (-?\d{1,15}) (.+)$/s.exec(text) ?? [];
  if (order === field && time !== undefined && _id !== undefined) return { at: new Date(Number(time)), _id };
  throw new DomainError(
    'invalid_request',
    'The cursor is malformed: send the nextCursor of the page before, as it is and with the same filter, or none for the first page.',
    { fields: [{ field: 'cursor', message: 'is malformed' }] },
  );
}
