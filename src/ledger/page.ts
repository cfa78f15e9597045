import { DomainError } from '../domain/errors.js';

/** Lists go page by page, newest first by the time in `field`, and by their ids where the times are the same. */

/**
 * The conditions for what comes after the page that ended with the cursor.
 * @throws DomainError `invalid_request` where the cursor is malformed
 */
export function after(field: string, cursor: string | undefined): Record<string, unknown>[] {
  if (cursor === undefined) return [];
  const { at, _id } = decodeCursor(cursor);
  return [
    // The first says where to begin in the index; the second leaves out those of the same moment.
    { [field]: { $lte: at } },
    { $or: [{ [field]: { $lt: at } }, { _id: { $lt: _id } }] },
  ];
}

/** Where a page ended. Opaque to callers: what is in it may change. */
export function encodeCursor(at: Date, id: string): string {
  return Buffer.from(`${at.getTime()} ${id}`).toString('base64url');
}

function decodeCursor(cursor: string): { at: Date; _id: string } {
  const [, time, _id] = /^(\d{1,15}) (.+)$/s.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (time !== undefined && _id !== undefined) return { at: new Date(Number(time)), _id };
  throw new DomainError(
    'invalid_request',
    'The cursor is malformed: send the nextCursor of the page before, as it is, or none for the first page.',
    { fields: [{ field: 'cursor', message: 'is malformed' }] },
  );
}
