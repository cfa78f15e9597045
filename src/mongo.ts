import mongoose, { type ClientSession } from 'mongoose';
import { createAuditEntryModel, createAuditModel } from './audit/audit.model.js';
import { createConversionModel } from './ledger/conversion.model.js';
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

const DUPLICATE_KEY = 11_000;

export type Database = Awaited<ReturnType<typeof openDatabase>>;

/**
 * Connects, and waits for the unique indexes that the promises rest on.
 * @throws where MongoDB cannot be reached now; later outages are errors of the single operation
 */
export async function openDatabase(uri: string) {
  const connection = await connect(uri);
  const models = {
    users: createUserModel(connection),
    conversions: createConversionModel(connection),
    audits: createAuditModel(connection),
    /** Of audits under way. */
    auditEntries: createAuditEntryModel(connection),
  };
  await Promise.all(Object.values(models).map((model) => model.init()));
  return {
    ...models,
    /** Runs `work` in one transaction, again where MongoDB says that it is worth another try. */
    async transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T> {
      const options = { writeConcern: CONNECT_OPTIONS.writeConcern };
      try {
        return await connection.transaction(work, options);
      } catch (error) {
        // Another transaction has just inserted the same document: seen from now on, it is no conflict any more.
        if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
        return await connection.transaction(work, options);
      }
    },
    /** @throws when MongoDB does not answer */
    ping: async () => {
      await connection.db?.command({ ping: 1 }).catch((cause: unknown) => {
        throw new Error('MongoDB does not answer', { cause });
      });
    },
    close: () => connection.close(),
  };
}

async function connect(uri: string) {
  try {
    return await mongoose.createConnection(uri, CONNECT_OPTIONS).asPromise();
  } catch (cause) {
    throw new Error(`MongoDB cannot be reached: ${(cause as Error).message}. Check MONGODB_URI.`, { cause });
  }
}
