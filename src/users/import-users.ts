import mongoose from 'mongoose';
import type { Line, LineFault } from '../domain/lines.js';
import type { UserToImport } from '../domain/user-to-import.js';
import { inBatches } from '../ledger/in-batches.js';
import { type Database, DUPLICATE_KEY } from '../mongo.js';
import { newUser } from './new-user.js';
import type { UserIdOf } from './user-id.js';

/** Lines that are read, looked up and written together. */
const BATCH = 1_000;

export interface ImportDeps {
  db: Database;
  userIdOf: UserIdOf;
}

/** What became of a line, or, in a preview, what would. */
export type ImportedLine = { line: number; clerkId?: string } & (
  | { result: 'created' | 'unchanged' }
  | ({ result: 'refused' } & LineFault)
);

export type ImportCounts = Record<ImportedLine['result'], number>;

/**
 * Imports users who were there before this service: without a signup, and never over a user who is there. So an import that
 * was interrupted is begun again. It reads on when the results of a batch have been taken.
 */
export async function* importUsers(
  deps: ImportDeps,
  lines: AsyncIterable<Line<UserToImport>>,
): AsyncGenerator<ImportedLine[]> {
  for await (const batch of inBatches(lines, BATCH)) {
    const known = await knownOf(deps.db, batch);
    const fresh = usersIn(batch).filter(({ clerkId }) => !known.has(clerkId));
    const created = new Set(await insertNew(deps, fresh));
    yield batch.map((line) => resultOf(line, (user) => created.has(user)));
  }
}

/** The same results, and nothing is written. It remembers the ids of all lines. */
export async function* previewImport(
  { db }: Pick<ImportDeps, 'db'>,
  lines: AsyncIterable<Line<UserToImport>>,
): AsyncGenerator<ImportedLine[]> {
  const seen = new Set<string>();
  for await (const batch of inBatches(lines, BATCH)) {
    const known = await knownOf(db, batch);
    yield batch.map((line) =>
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

function usersIn(batch: readonly Line<UserToImport>[]): UserToImport[] {
  return batch.flatMap((line) => ('value' in line ? line.value : []));
}

async function knownOf({ users }: Database, batch: readonly Line<UserToImport>[]): Promise<Set<string>> {
  const clerkIds = usersIn(batch).map(({ clerkId }) => clerkId);
  const known = await users.find({ clerkId: { $in: clerkIds } }, { _id: 0, clerkId: 1 }).lean();
  return new Set(known.map(({ clerkId }) => clerkId));
}

function resultOf(line: Line<UserToImport>, isCreated: (user: UserToImport) => boolean): ImportedLine {
  if ('fault' in line) return { line: line.line, result: 'refused', ...line.fault };
  const { clerkId } = line.value;
  return { line: line.line, clerkId, result: isCreated(line.value) ? 'created' : 'unchanged' };
}

/** @returns those who were not there, neither before nor through another request at this moment */
async function insertNew({ db, userIdOf }: ImportDeps, users: readonly UserToImport[]) {
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
