import { afterAll, beforeAll, expect, it } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { Database } from '../../src/mongo.js';
import { eraseUser } from '../../src/operations/erase-user.js';
import { createTemporalClient } from '../../src/temporal/client.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

// Nothing listens there.
const temporal = createTemporalClient({ connectionOptions: { address: '127.0.0.1:1' } });
const erase = (clerkId: string) => eraseUser({ db, temporal, programme, userIdOf }, clerkId);

it('an erasure is done also while Temporal is away, and says that a workflow may not know it', async () => {
  const clerkId = 'user_parked';
  const line = { at: new Date(), status: 'reporting' } as const;
  const { _id } = await insertPending(db, {
    ...{ userId: userIdOf(clerkId).toHexString(), status: 'parked', reason: 'impact_refused' },
    timeline: [line],
  });
  await expect(erase(clerkId)).rejects.toMatchObject({ code: 'temporal_unavailable' });
  expect(await db.conversions.findById(_id).lean()).toMatchObject({
    reason: 'user_erased',
    attribution: null,
  });
});

it('an erasure asks Temporal nothing where no workflow waits', async () => {
  const clerkId = 'user_pending';
  await insertPending(db, { userId: userIdOf(clerkId).toHexString() });
  expect(await erase(clerkId)).toMatchObject({ conversions: 2 });
});
