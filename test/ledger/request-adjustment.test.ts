import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { Programme } from '../../src/domain/programme/programme.js';
import { recordAdjustment } from '../../src/ledger/record-adjustment.js';
import { requestAdjustment } from '../../src/ledger/request-adjustment.js';
import type { Ledger } from '../../src/ledger/transition.js';
import { untilWritten } from '../../src/ledger/until-written.js';
import { createMetrics } from '../../src/metrics.js';
import type { Database } from '../../src/mongo.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const stored = (id: string) => db.conversions.findById(id).orFail().lean();

function setAmount(
  id: string,
  totalAmountCents: number,
  deps: Ledger & { programme: Programme } = { db, programme },
  effectiveAt?: Date,
) {
  const asked = { reason: 'ORDER_UPDATE', by: 'mch_shop', effectiveAt };
  return requestAdjustment(deps, id, { kind: 'amount', totalAmountCents, ...asked });
}

describe('many writers of one conversion at once', () => {
  it('each set their amount, one after the other, and none runs out of tries', async () => {
    const { _id } = await insertPending(db);
    const amounts = Array.from({ length: 40 }, (_, index) => 1_000 + index);
    const answers = await Promise.all(amounts.map((amount) => setAmount(_id, amount)));
    const { adjustments = [] } = await stored(_id);
    expect(adjustments.map(({ totalAmountCents = 0 }) => totalAmountCents).toSorted()).toEqual(amounts);
    expect(new Set(adjustments.map(({ id }) => id)).size).toBe(amounts.length);
    // Each answer shows the amount of its own request.
    expect(answers.map(({ adjustment }) => adjustment?.totalAmountCents)).toEqual(amounts);
  });

  it('are counted by how much each of them changed the amount', async () => {
    const metrics = createMetrics();
    const { _id } = await insertPending(db);
    const amounts = [5_900, 1_900, 9_900, 2_900, 3_900, 7_900];
    await Promise.all(amounts.map((amount) => setAmount(_id, amount, { db, programme, metrics })));
    const last = (await stored(_id)).adjustments?.at(-1)?.totalAmountCents ?? 0;
    const { values } = await metrics.amounts.get();
    const sumOf = (change: string) => values.find(({ labels }) => labels.change === change)?.value ?? 0;
    expect(sumOf('raised') - sumOf('reduced')).toBe((last - 4_900) / 100);
  });

  it('who want the same amount set it once', async () => {
    const { _id } = await insertPending(db);
    await Promise.all(Array.from({ length: 20 }, () => setAmount(_id, 1_900)));
    await setAmount(_id, 2_900);
    await Promise.all(Array.from({ length: 20 }, () => setAmount(_id, 1_900)));
    const { adjustments = [] } = await stored(_id);
    expect(adjustments.map(({ totalAmountCents }) => totalAmountCents)).toEqual([1_900, 2_900, 1_900]);
  });

  it('keep the amounts in the order of their times, in whatever order they arrive', async () => {
    const { _id } = await insertPending(db);
    const times = Array.from({ length: 30 }, (_, index) => ((index * 7) % 30) * 1_000);
    await Promise.all(times.map((time) => setAmount(_id, 1_000 + time, undefined, new Date(time))));
    const { adjustments = [] } = await stored(_id);
    expect(adjustments).toHaveLength(30);
    const counted = adjustments.filter(({ status }) => status !== 'abandoned');
    const since = counted.map(({ effectiveAt }) => effectiveAt?.getTime() ?? 0);
    expect(since).toEqual(since.toSorted((one, other) => one - other));
    expect(counted.at(-1)?.totalAmountCents).toBe(30_000);
  });

  it('reverse it once, after which no amount is taken', async () => {
    const { _id } = await insertPending(db);
    const reversal = { kind: 'reversal', reason: 'ITEM_RETURNED', by: 'mch_shop' } as const;
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 10 }, (_, index) => setAmount(_id, 1_000 + index)),
      ...Array.from({ length: 10 }, () => requestAdjustment({ db, programme }, _id, reversal)),
      ...Array.from({ length: 10 }, (_, index) => setAmount(_id, 2_000 + index)),
    ]);
    const refused = outcomes.flatMap((outcome) =>
      outcome.status === 'rejected' ? [outcome.reason.code] : [],
    );
    expect(new Set(refused)).toEqual(new Set(refused.length > 0 ? ['conversion_reversed'] : []));
    const { status, adjustments = [] } = await stored(_id);
    expect(status).toBe('reversed');
    expect(adjustments.filter(({ kind }) => kind === 'reversal')).toHaveLength(1);
    expect(adjustments.at(-1)).toMatchObject({ id: 'reversal-1', kind: 'reversal' });
    expect(adjustments).toHaveLength(21 - refused.length);
  });

  it('let the steps of each adjustment through while further amounts arrive', async () => {
    const { _id } = await insertPending(db, {
      status: 'submitted',
      submission: { state: 'queued', orderId: 'order', attempts: 1, sentAt: new Date() },
    });
    for (let amount = 1; amount <= 10; amount += 1) await setAmount(_id, amount);
    const { adjustments = [] } = await stored(_id);
    const parked = { status: 'parked', reason: 'locked', detail: 'It is locked.' } as const;
    await Promise.all([
      ...adjustments.map(({ id }) => recordAdjustment({ db }, _id, id, parked)),
      ...[101, 102, 103, 104, 105].map((amount) => setAmount(_id, amount)),
    ]);
    const after = (await stored(_id)).adjustments ?? [];
    expect(after.filter(({ status }) => status === 'parked')).toHaveLength(10);
    expect(after).toHaveLength(15);
  });
});

describe('a writer that never gets its turn', () => {
  it('ends with a code that says to send the request again', async () => {
    await expect(untilWritten('signup:1', async () => null, 0)).rejects.toMatchObject({
      code: 'concurrent_update',
      message: expect.stringMatching(/Send the request again\.$/),
    });
  });
});
