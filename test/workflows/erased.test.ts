import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import type { ImpactClient } from '../../src/impact/client.js';
import {
  type Plan,
  type Sale,
  searchAttributesOf,
  stateOf,
  untilParked,
  useConversionWorkflows,
} from '../support/conversion-workflows.js';
import { isUnavailable, neverAnswers, refuse, rejects } from '../support/impact-answers.js';
import { chainedProgramme } from '../support/programme.js';
import { userIdOf } from '../support/user-id.js';

const workflows = useConversionWorkflows({ programme: chainedProgramme() });

const QUEUED = { queuedUri: '/APISubmissions/A-1' };
const ACTION = { actionId: '1', state: 'PENDING' } as never;
const ERASED = { attribution: null, erasedAt: expect.any(Date) };
const ENDED = { ...ERASED, status: 'skipped', reason: 'user_erased' };

/** What Impact does; `erase` erases the user of the sale. */
type Impact = Partial<ImpactClient> | ((erase: () => Promise<unknown>) => Partial<ImpactClient>);

/** A signup, as it waits for no parent. */
async function start(impact: Impact = {}, plan: Plan = {}): Promise<Sale & { erase(): Promise<unknown> }> {
  const clerkId = `user_${randomUUID()}`;
  const userId = userIdOf(clerkId).toHexString();
  let sale: Sale | undefined;
  const erase = async () => sale?.eraseUser(clerkId);
  const conversion = { _id: `signup:${userId}`, campaignEventId: 'signup', payload: {}, userId };
  sale = await workflows.start({
    ...plan,
    impact: typeof impact === 'function' ? impact(erase) : impact,
    conversion: { ...conversion, ...plan.conversion },
    async begin(begun) {
      sale = begun;
      await begun.wake();
    },
  });
  return { ...sale, erase };
}

describe('a parked conversion, once its user is erased', () => {
  it('ends, and is listed as parked no longer', async () => {
    const submitConversion = vi.fn(refuse);
    const sale = await start({ submitConversion });
    await untilParked(sale.handle);
    await sale.erase();
    expect(await sale.handle.result()).toMatchObject({ status: 'skipped', reason: 'user_erased' });
    expect(await sale.conversion()).toMatchObject(ENDED);
    expect((await searchAttributesOf(sale.handle)).status).toBe('Reporting');
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });

  it('stays ended after a retry with a restart, sent in the Temporal UI', async () => {
    const submitConversion = vi.fn(refuse);
    const sale = await start({ submitConversion });
    await untilParked(sale.handle);
    await sale.erase();
    await sale.handle.result();
    await sale.wake({ name: 'retry', note: { by: 'kim', restart: true } });
    await sale.handle.result();
    expect(await sale.conversion()).toMatchObject(ENDED);
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });
});

describe('a conversion that may have arrived, once its user is erased', () => {
  it('is looked up, and ends unsent where Impact does not have it', async () => {
    const submitConversion = vi.fn(neverAnswers);
    const findAction = vi.fn(async () => null);
    const sale = await start((erase) => ({
      submitConversion,
      findAction: () => findAction().finally(erase),
    }));
    expect(await sale.handle.result()).toMatchObject({ status: 'skipped', reason: 'user_erased' });
    expect(await sale.conversion()).toMatchObject(ENDED);
    expect([submitConversion.mock.calls.length, findAction.mock.calls.length]).toEqual([1, 1]);
  });

  it('is looked up where it was erased before the look-up', async () => {
    const submitConversion = vi.fn(neverAnswers);
    const findAction = vi.fn(async () => null);
    const sale = await start((erase) => ({
      submitConversion: () => submitConversion().finally(erase),
      findAction,
    }));
    expect(await sale.handle.result()).toMatchObject({ status: 'skipped', reason: 'user_erased' });
    expect([submitConversion.mock.calls.length, findAction.mock.calls.length]).toEqual([1, 1]);
  });

  it('is confirmed where Impact has it', async () => {
    const submitConversion = vi.fn(neverAnswers);
    const sale = await start((erase) => ({
      submitConversion: () => submitConversion().finally(erase),
      findAction: async () => ACTION,
    }));
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
    expect(await sale.conversion()).toMatchObject({ ...ERASED, status: 'confirmed' });
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });

  it('is looked up, and not sent, after a retry where it was parked before the erasure', async () => {
    const submitConversion = vi.fn(neverAnswers);
    const lookUp = { afterMs: 60_000, withinMs: 60_000 };
    const findAction = vi.fn(async () => ACTION).mockImplementationOnce(async () => null as never);
    const sale = await start({ submitConversion, findAction }, { lookUp });
    await workflows.sleep('2 minutes');
    await untilParked(sale.handle);
    await sale.erase();
    expect(await stateOf(sale.handle)).toMatchObject({ status: 'parked', reason: 'impact_timeout' });
    await sale.handle.signal(SIGNALS.retry, { by: 'kim' });
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
    expect(submitConversion).toHaveBeenCalledTimes(1);
  });
});

describe('an erasure and the claim to send, at the same time', () => {
  it('send nothing where the erasure comes first', async () => {
    const submitConversion = vi.fn(async () => QUEUED);
    let erase = async (): Promise<unknown> => undefined;
    const sale = await start(
      (eraseUser) => {
        erase = eraseUser;
        return { submitConversion };
      },
      {
        activities: (real) => ({
          async reportConversion(...args) {
            await erase();
            return real.reportConversion(...args);
          },
        }),
      },
    );
    expect(await sale.handle.result()).toMatchObject({ status: 'skipped', reason: 'user_erased' });
    expect(submitConversion).not.toHaveBeenCalled();
  });

  it.each([
    ['takes it', async () => QUEUED, { status: 'submitted' }],
    ['refuses it', refuse, { status: 'skipped', reason: 'user_erased' }],
    ['has not taken it', isUnavailable, { status: 'skipped', reason: 'user_erased' }],
  ])(
    'wait for the attempt on the wire where the claim comes first: Impact %s',
    async (_what, answer, end) => {
      const submitConversion = vi.fn<() => Promise<typeof QUEUED>>(answer);
      const sale = await start((erase) => ({ submitConversion: () => erase().then(submitConversion) }));
      await sale.handle.result();
      expect(await sale.conversion()).toMatchObject({ ...ERASED, ...end });
      expect(submitConversion).toHaveBeenCalledTimes(1);
    },
  );
});

describe('a conversion that Impact has queued, once its user is erased', () => {
  it('is confirmed', async () => {
    const sale = await start(
      (erase) => ({
        getSubmission: async () => {
          await erase();
          return { state: 'complete', errorReasons: [] };
        },
      }),
      { confirmAfterMs: 600_000 },
    );
    expect(await sale.handle.result()).toMatchObject({ status: 'confirmed' });
  });

  it('ends instead of parking where Impact turns it down', async () => {
    const sale = await start(
      (erase) => ({ getSubmission: () => erase().then(rejects('CONTRACT_NOT_FOUND')) as never }),
      { confirmAfterMs: 600_000 },
    );
    expect(await sale.handle.result()).toMatchObject({ status: 'skipped', reason: 'user_erased' });
    expect((await sale.conversion()).timeline.at(-1)?.detail).toContain('CONTRACT_NOT_FOUND');
  });

  it('is refunded by its order id', async () => {
    const reverseAction = vi.fn(async (_change: { orderId: string }) => QUEUED);
    const sale = await start({ reverseAction }, { confirmAfterMs: 600_000 });
    await sale.handle.result();
    await sale.erase();
    await sale.reverse();
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
    const { userId } = await sale.conversion();
    expect(reverseAction).toHaveBeenCalledWith(expect.objectContaining({ orderId: `signup-${userId}` }));
  });

  it('has its parked refund sent after a retry', async () => {
    const reverseAction = vi.fn(async () => QUEUED).mockImplementationOnce(refuse);
    const sale = await start({ reverseAction }, { confirmAfterMs: 600_000 });
    await sale.handle.result();
    await sale.reverse();
    await untilParked(sale.handle);
    await sale.erase();
    await sale.handle.signal(SIGNALS.retry, { by: 'kim' });
    expect(await sale.handle.result()).toMatchObject({ status: 'reversed' });
  });
});

describe('a sale that waits for its parent, once its user is erased', () => {
  it('ends', async () => {
    const orderId = randomUUID();
    const payload = { orderId, totalAmountCents: 4900, currency: 'USD' };
    const id = `sale_subscription:${orderId}`;
    const campaignEventId = 'sale_subscription';
    const sale = await start({}, { conversion: { _id: id, campaignEventId, payload } });
    await expect.poll(() => sale.conversion()).toMatchObject({ reason: 'waits_for_parent' });
    await sale.erase();
    expect(await sale.handle.result()).toMatchObject({ status: 'skipped', reason: 'user_erased' });
  });
});
