import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkParent } from '../../activities/check-parent.js';
import type { ActivityDeps } from '../../activities/deps.js';
import { wakeChildren } from '../../activities/wake-children.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { claimSubmission } from '../../src/ledger/claim-submission.js';
import { markSubmitted } from '../../src/ledger/settle-submission.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { chainedProgramme, programmeWith } from '../support/programme.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

function depsWith(own: Partial<ActivityDeps>): ActivityDeps {
  const times = { confirmAfterMs: null, confirmWithinMs: 0, lookUp: { afterMs: 0, withinMs: 0 } };
  const wake = async () => 'woken';
  return { db, programme: chainedProgramme(), impact: null, wake, ...times, ...own };
}

/** Both on their way to Impact. */
async function insertFamily() {
  const userId = randomUUID();
  const reporting = { userId, status: 'reporting' } as const;
  const parent = { _id: `signup:${userId}`, campaignEventId: 'signup', payload: {} };
  return {
    parent: await insertPending(db, { ...reporting, ...parent }),
    child: await insertPending(db, reporting),
  };
}

/** The same database, in which other things happen before the child's worker reads or writes a conversion. */
function interruptedBy(happens: () => Promise<void>): Database {
  const before =
    (method: 'findById' | 'findOneAndUpdate') =>
    (...args: [never, never, never]) => ({
      async lean() {
        await happens();
        return (db.conversions[method] as Database['conversions']['findById'])(...args).lean();
      },
    });
  const conversions = { findById: before('findById'), findOneAndUpdate: before('findOneAndUpdate') };
  return { ...db, conversions } as unknown as Database;
}

/** The child reads itself, its parent, writes that it waits, and reads both again. */
const OPERATIONS = 5;
const MOMENTS = Array.from({ length: OPERATIONS + 1 }, (_, moment) => moment);
const ORDERS = MOMENTS.flatMap((delivery) =>
  MOMENTS.filter((wake) => wake >= delivery).map((wake) => [delivery, wake] as const),
);

describe('a child and its parent, carried out by two workers at once', () => {
  it.each(ORDERS)(
    'miss nothing of each other: delivered before operation %i of the child, and its children looked for before %i',
    async (deliveredBefore, wokenBefore) => {
      const { parent, child } = await insertFamily();
      const woken: string[] = [];
      const wake = async ({ _id }: Conversion) => woken.push(_id);
      let delivered: Conversion;
      async function deliver(): Promise<void> {
        await claimSubmission({ db }, parent._id, 'signup');
        delivered = await markSubmitted({ db }, parent._id);
      }
      let operation = 0;
      async function happens(): Promise<void> {
        if (operation === deliveredBefore) await deliver();
        if (operation === wokenBefore) await wakeChildren(depsWith({ wake }), delivered);
        operation += 1;
      }
      const { progress } = await checkParent(depsWith({ db: interruptedBy(happens) }), child._id);
      while (operation <= OPERATIONS) await happens();
      const knows = progress.detail?.includes('Impact got it');
      expect({ knows, woken }).not.toEqual({ knows: false, woken: [] });
    },
  );
});

it('a child goes on where the programme does not say any more that it waits', async () => {
  const { child } = await insertFamily();
  expect((await checkParent(depsWith({}), child._id)).progress.reason).toBe('waits_for_parent');
  const { progress, waitMs } = await checkParent(depsWith({ programme: programmeWith({}) }), child._id);
  expect({ progress, waitMs }).toMatchObject({
    progress: { reason: undefined, next: { kind: 'report' } },
    waitMs: undefined,
  });
});

describe('the delivery of a conversion', () => {
  it('looks for nothing where no event of the programme waits for it', async () => {
    const { parent } = await insertFamily();
    const conversions = { find: () => expect.fail('it has read the ledger') };
    const deps = depsWith({ programme: programmeWith({}), db: { conversions } as unknown as Database });
    await wakeChildren(deps, { ...parent, status: 'submitted' });
  });

  it('does not wake a child that knows of it already', async () => {
    const { parent, child } = await insertFamily();
    await claimSubmission({ db }, parent._id, 'signup');
    const delivered = await markSubmitted({ db }, parent._id);
    await checkParent(depsWith({}), child._id);
    await wakeChildren(depsWith({ wake: () => expect.fail('it has woken the child') }), delivered);
  });
});
