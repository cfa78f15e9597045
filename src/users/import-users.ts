import mongoose from 'mongoose';
import { USER_ERASED } from '../domain/conversion.js';
import { erasedText } from '../domain/erasure.js';
import type { Line, LineFault } from '../domain/lines.js';
import type { Programme } from '../domain/programme/programme.js';
import type { UserToImport } from '../domain/user-to-import.js';
import { inBatches } from '../ledger/in-batches.js';
import { findErased } from '../ledger/tombstone.js';
import { type Database, DUPLICATE_KEY } from '../mongo.js';
import { newUser } from './new-user.js';
import type { UserIdOf } from './user-id.js';

/** Lines that are read, looked up and written together. */
const BATCH = 1_000;

export interface ImportDeps {
  db: Database;
  programme: Programme;
  userIdOf: UserIdOf;
}

/** What became of a line, or, in a preview, what would. */
export type ImportedLine = { line: number; clerkId?: string } & (
  | { result: 'created' | 'unchanged' }
  | ({ result: 'refused' } & LineFault)
);

export type ImportCounts = Record<ImportedLine['result'], number>;

type UserLine = Line<UserToImport>;

/**
 * Imports users who were there before this service: without a signup, and never over a user who is there. So an import that
 * was interrupted is begun again. It reads on when the results of a batch have been taken.
 */
export async function* importUsers(
  deps: ImportDeps,
  lines: AsyncIterable<UserLine>,
): AsyncGenerator<ImportedLine[]> {
  for await (const batch of inBatches(lines, BATCH)) {
    const { known, checked } = await lookUp(deps, batch);
    const fresh = usersIn(checked).filter(({ clerkId }) => !known.has(clerkId));
    const created = new Set(await insertNew(deps, fresh));
    yield checked.map((line) => resultOf(line, (user) => created.has(user)));
  }
}

/** The same results, and nothing is written. It remembers the ids of all lines. */
export async function* previewImport(
  deps: ImportDeps,
  lines: AsyncIterable<UserLine>,
): AsyncGenerator<ImportedLine[]> {
  const seen = new Set<string>();
  for await (const batch of inBatches(lines, BATCH)) {
    const { known, checked } = await lookUp(deps, batch);
    yield checked.map((line) =>
      resultOf(line, ({ clerkId }) => {
        const isNew = !known.has(clerkId) && !seen.has(clerkId);
        seen.add(clerkId);
        return isNew;
      }),
    );
  }
}

export function noneImported(): ImportCounts {
  return { created: 0, unchanged: 0, refused: 0 };
}

function usersIn(batch: readonly UserLine[]): UserToImport[] {
  return batch.flatMap((line) => ('value' in line ? line.value : []));
}

/**
 * Who is there. A person who was erased does not come back with an old file: only a line that names a later signup is one of a
 * new user.
 */
async function lookUp({ db, programme, userIdOf }: ImportDeps, batch: readonly UserLine[]) {
  const clerkIds = usersIn(batch).map(({ clerkId }) => clerkId);
  const found = await db.users.find({ clerkId: { $in: clerkIds } }, { _id: 0, clerkId: 1 }).lean();
  const known = new Set(found.map(({ clerkId }) => clerkId));
  const idOf = (clerkId: string) => userIdOf(clerkId).toHexString();
  const fresh = clerkIds.filter((clerkId) => !known.has(clerkId));
  const erased = await findErased(db, programme, fresh.map(idOf));
  const checked = batch.map((line): UserLine => {
    if (!('value' in line) || erased.size === 0) return line;
    const erasedAt = erased.get(idOf(line.value.clerkId));
    const { signedUpAt = erasedAt } = line.value;
    if (!erasedAt || !signedUpAt || signedUpAt > erasedAt) return line;
    return { line: line.line, fault: { code: USER_ERASED, detail: erasedText(erasedAt) } };
  });
  return { known, checked };
}

function resultOf(line: UserLine, isCreated: (user: UserToImport) => boolean): ImportedLine {
  if ('fault' in line) return { line: line.line, result: 'refused', ...line.fault };
  const { clerkId } = line.value;
  return { line: line.line, clerkId, result: isCreated(line.value) ? 'created' : 'unchanged' };
}

/** @returns those who were not there, neither before nor through another request at this moment */
async function insertNew(
  { db, userIdOf }: Pick<ImportDeps, 'db' | 'userIdOf'>,
  users: readonly UserToImport[],
) {
  if (users.length === 0) return [];
  const documents = users.map((user) => newUser(userIdOf, user));
  try {
    await db.users.collection.insertMany(documents as never[], { ordered: false });
    return users;
  } catch (error) {
    const there = duplicatesIn(error);
    return users.filter((_user, index) => !there.has(index));
  }
}

/** @throws the error, if it is another one, or if a majority of MongoDB may not have the others */
function duplicatesIn(error: unknown): Set<number> {
  if (!(error instanceof mongoose.mongo.MongoBulkWriteError)) throw error;
  const failures = [error.writeErrors].flat();
  const areDuplicates = failures.length > 0 && failures.every(({ code }) => code === DUPLICATE_KEY);
  if (!areDuplicates || error.result.getWriteConcernError()) throw error;
  return new Set(failures.map(({ index }) => index));
}
