import mongoose, { type ClientSession, type Connection } from 'mongoose';
import { createAuditEntryModel, createAuditModel } from './audit/audit.model.js';
import { createFindingModel } from './audit/finding.model.js';
import { DomainError } from './domain/errors.js';
import { createConversionModel } from './ledger/conversion.model.js';
import { createKeptObjectModel } from './sources/stripe/kept-object.model.js';
import { createUserModel } from './users/user.model.js';

/**
 * What was answered survives a SIGKILL of mongod: writes wait for the journal of a majority.
 * An outage is an error within three seconds, never a queue of requests.
 */
const CONNECT_OPTIONS = {
  writeConcern: { w: 'majority', journal: true },
  serverSelectionTimeoutMS: 3_000,
  connectTimeoutMS: 3_000,
  socketTimeoutMS: 15_000,
  bufferCommands: false,
} as const;

/** The code of MongoDB's error. */
export const DUPLICATE_KEY = 11_000;

/** Each one is another document that was inserted meanwhile, and a transaction inserts two at most. */
const MAX_DUPLICATES = 5;

const TRANSACTION_DEADLINE_MS = 10_000;

export type Database = Awaited<ReturnType<typeof openDatabase>>;

/**
 * Connects, and waits for the unique indexes that the promises rest on.
 * @param options `createIndexes: false` for the operator's commands, which leave that to the service
 * @throws where MongoDB cannot be reached now; later outages are errors of the single operation
 */
export async function openDatabase(uri: string, { createIndexes = true } = {}) {
  const connection = await connect(uri, { autoIndex: createIndexes, autoCreate: createIndexes });
  const models = {
    users: createUserModel(connection),
    conversions: createConversionModel(connection),
    audits: createAuditModel(connection),
    findings: createFindingModel(connection),
    /** Of audits under way. */
    auditEntries: createAuditEntryModel(connection),
    stripeObjects: createKeptObjectModel(connection),
  };
  await Promise.all(Object.values(models).map((model) => model.init()));
  return {
    ...models,
    transaction: <T>(work: Work<T>, deadlineMs = TRANSACTION_DEADLINE_MS) =>
      runTransaction(connection, work, deadlineMs),
    /** The indexes that the schemas have and MongoDB does not. */
    async missingIndexes(): Promise<string[]> {
      const missing = Object.values(models).map(async (model) => {
        const { toCreate } = await model.diffIndexes();
        return toCreate.map((fields) => `${model.collection.name} ${JSON.stringify(fields)}`);
      });
      return (await Promise.all(missing)).flat();
    },
    name: connection.name,
    collections: Object.values(models).map(({ collection }) => collection.name),
    command: async (command: Record<string, unknown>) => connection.db?.command(command),
    /** @throws when MongoDB does not answer */
    ping: async () => {
      await connection.db?.command({ ping: 1 }).catch((cause: unknown) => {
        throw new Error('MongoDB does not answer', { cause });
      });
    },
    close: () => connection.close(),
  };
}

/**
 * What is done in one transaction. A duplicate key ends the transaction, so `work` inserts a document that is probably new
 * without a look, and looks for it first when it is called again.
 * @param isRepeated the try before met a document that was there already
 */
type Work<T> = (session: ClientSession, isRepeated: boolean) => Promise<T>;

/**
 * Runs `work` in one transaction, and again if MongoDB says that it is worth another try. The driver waits at increasing
 * intervals between its tries, for 120 s altogether, which is too long for a request.
 * @throws DomainError `database_unavailable` if the transaction was in conflict with others until the deadline
 */
async function runTransaction<T>(connection: Connection, work: Work<T>, deadlineMs: number): Promise<T> {
  const options = { writeConcern: CONNECT_OPTIONS.writeConcern };
  const deadline = performance.now() + deadlineMs;
  let runs = 0;
  for (let tries = 1; ; tries += 1) {
    const workInTime = async (session: ClientSession) => {
      runs += 1;
      if (runs > 1 && performance.now() >= deadline) throw stillInConflict();
      return work(session, tries > 1);
    };
    try {
      return await connection.transaction(workInTime, options);
    } catch (error) {
      // The document was there, or another transaction has just inserted it: seen from now on, it is no conflict any more.
      if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
      if (tries === MAX_DUPLICATES) throw stillInConflict(error);
    }
  }
}

function stillInConflict(cause?: unknown): DomainError {
  const message = 'Other requests are changing the same documents at this moment. Send the request again.';
  return new DomainError('database_unavailable', message, { cause });
}

async function connect(uri: string, options: { autoIndex: boolean; autoCreate: boolean }) {
  try {
    return await mongoose.createConnection(uri, { ...CONNECT_OPTIONS, ...options }).asPromise();
  } catch (cause) {
    const at = `MongoDB cannot be reached at ${hostsOf(uri)}`;
    throw new Error(`${at}: ${(cause as Error).message}. Check MONGODB_URI.`, { cause });
  }
}

/** The hosts in a URI, without its user and password, which end at the last `@`. */
export function hostsOf(uri: string): string {
  const [hosts = ''] = (uri.split('://').at(1) ?? '').split('@').at(-1)?.split(/[/?]/) ?? [];
  return hosts;
}
