import { DomainError } from '../domain/errors.js';

/** Where a page ended. New conversions come before it, so that no page after it changes. */
export interface PageEnd {
  createdAt: Date;
  _id: string;
}

/** Opaque to callers: what is in it may change. */
export function encodeCursor({ createdAt, _id }: PageEnd): string {
  return Buffer.from(JSON.stringify([createdAt.getTime(), _id])).toString('base64url');
}

/** @throws DomainError `invalid_request` where it is not one of ours */
export function decodeCursor(cursor: string): PageEnd {
  const [createdAt, id, ...rest] = parse(cursor);
  if (typeof createdAt === 'number' && typeof id === 'string' && rest.length === 0) {
    const end = { createdAt: new Date(createdAt), _id: id };
    if (!Number.isNaN(end.createdAt.getTime())) return end;
  }
  throw new DomainError(
    'invalid_request',
    'The cursor is malformed: send the nextCursor of the page before, as it is, or none for the first page.',
    { fields: [{ field: 'cursor', message: 'is malformed' }] },
  );
}

function parse(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
