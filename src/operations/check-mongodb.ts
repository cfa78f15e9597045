import type { Database } from '../mongo.js';
import type { Check, CheckGroup } from './run-checks.js';

/** @param open connects; the checks close nothing, as the caller does */
export function mongodbChecks(open: () => Promise<Database>): CheckGroup {
  let db: Database | undefined;
  const opened = (): Database => {
    if (!db) throw new Error('MongoDB was not reached.');
    return db;
  };
  const reached: Check = {
    name: 'MongoDB',
    isNeeded: true,
    next: 'Check MONGODB_URI, and that MongoDB runs and this machine may connect to it.',
    async run() {
      db = await open();
      const { version } = (await db.command({ buildInfo: 1 })) ?? {};
      return `answers, version ${version}`;
    },
  };
  return [
    reached,
    {
      name: 'replica set',
      next: 'Start mongod with --replSet rs0 and run rs.initiate(): a signup is one transaction, which needs a replica set.',
      run: async () => replicaSet((await opened().command({ hello: 1 })) ?? {}),
    },
    {
      name: 'permissions',
      next: 'Grant this user the role readWrite on the database that MONGODB_URI names.',
      run: async () => {
        // Without it, a user that must log in and did not is found by no privilege.
        await opened().command({ listCollections: 1, nameOnly: true });
        const { authInfo } = (await opened().command({ connectionStatus: 1, showPrivileges: true })) ?? {};
        return permissions(authInfo, opened());
      },
    },
    {
      name: 'indexes',
      next: 'Start the API or a worker: each creates them when it starts.',
      async run() {
        const missing = await opened().missingIndexes();
        if (missing.length > 0) throw new Error(`missing: ${missing.join('; ')}`);
        return 'all are there';
      },
    },
  ];
}

function replicaSet({
  setName,
  isWritablePrimary,
}: {
  setName?: string;
  isWritablePrimary?: boolean;
}): string {
  if (setName === undefined) throw new Error('It is a single server.');
  if (!isWritablePrimary) throw new Error(`${setName} has no primary that accepts writes here.`);
  return setName;
}

const NEEDED = ['find', 'insert', 'update', 'remove', 'createIndex'] as const;

interface AuthInfo {
  authenticatedUsers?: { user: string }[];
  authenticatedUserPrivileges?: { resource: { db?: string; collection?: string }; actions: string[] }[];
}

/** @throws Error with the actions that the user may not do in this database */
export function permissions(
  { authenticatedUsers: [user] = [], authenticatedUserPrivileges: privileges = [] }: AuthInfo = {},
  { name, collections }: Pick<Database, 'name' | 'collections'>,
): string {
  if (!user) return 'MongoDB asks for no password';
  const may = (action: string, where: string) =>
    privileges.some(
      ({ resource: { db, collection }, actions }) =>
        (db === '' || db === name) && (collection === '' || collection === where) && actions.includes(action),
    );
  const missing = collections.flatMap((collection) =>
    NEEDED.filter((action) => !may(action, collection)).map((action) => `${action} in ${name}.${collection}`),
  );
  if (missing.length > 0) throw new Error(`${user.user} may not ${missing.join(', ')}.`);
  return `${user.user} in ${name}`;
}
