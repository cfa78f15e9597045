import mongoose, { type ClientSession, type Connection } from 'mongoose';
import {
  type AuditEntryModel,
  type AuditModel,
  createAuditEntryModel,
  createAuditModel,
} from './audit/audit.model.js';
import { type ConversionModel, createConversionModel } from './ledger/conversion.model.js';
import { createUserModel, type UserModel } from './users/user.model.js';

export interface Database {
  users: UserModel;
  conversions: ConversionModel;
  audits: AuditModel;
  /** Of audits under way. */
  auditEntries: AuditEntryModel;
  /** Runs `work` in one transaction, again where MongoDB says that it is worth another try. */
  transaction<T>(work: (session: ClientSession) => Promise<T>): Promise<T>;
  /** @throws when MongoDB does not answer */
  ping(): Promise<void>;
  close(): Promise<void>;
}

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

/**
 * Connects, and waits for the unique indexes that the promises rest on.
 * @throws where MongoDB cannot be reached now; later outages are errors of the single operation
 */
export async function openDatabase(uri: string): Promise<Database> {
  const connection = await connect(uri);
  const users = createUserModel(connection);
  const conversions = createConversionModel(connection);
  const audits = createAuditModel(connection);
  const auditEntries = createAuditEntryModel(connection);
  await Promise.all([users, conversions, audits, auditEntries].map((model) => model.init()));
  return {
    users,
    conversions,
    audits,
    auditEntries,
    transaction: (work) => transaction(connection, work),
    ping: async () => {
      await connection.db?.command({ ping: 1 }).catch((cause: unknown) => {
        throw new Error('MongoDB does not answer', { cause });
      });
    },
    close: () => connection.close(),
  };
}

async function connect(uri: string): Promise<Connection> {
  try {
    return await mongoose.createConnection(uri, CONNECT_OPTIONS).asPromise();
  } catch (cause) {
    throw new Error(`MongoDB cannot be reached: ${(cause as Error).message}. Check MONGODB_URI.`, { cause });
  }
}

const DUPLICATE_KEY = 11_000;

async function transaction<T>(
  connection: Connection,
  work: (session: ClientSession) => Promise<T>,
): Promise<T> {
  const session = await connection.startSession();
  const options = { writeConcern: CONNECT_OPTIONS.writeConcern };
  try {
    return await session.withTransaction(() => work(session), options);
  } catch (error) {
    // Another transaction has just inserted the same document: seen from now on, it is no conflict any more.
    if ((error as { code?: unknown }).code !== DUPLICATE_KEY) throw error;
    return await session.withTransaction(() => work(session), options);
  } finally {
    await session.endSession();
  }
}
