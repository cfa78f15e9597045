import { randomUUID } from 'node:crypto';
import { describe, expect, it, vi } from 'vitest';
import type { Conversion, ConversionStatus } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { claimSubmission } from '../../src/ledger/claim-submission.js';
import { markSubmitted } from '../../src/ledger/settle-submission.js';
import {
  currentDetailsOf,
  type Plan,
  type Sale,
  stateOf,
  untilParked,
  useConversionWorkflows,
} from '../support/conversion-workflows.js';
import { refuse } from '../support/impact-answers.js';
import { insertPending } from '../support/pending-conversion.js';
import { chainedProgramme } from '../support/programme.js';

const programme = chainedProgramme(
  {},
  {
    trial_start: { type: 'lead', actionTrackerId: 77777, after: 'signup' },
    sale_renewal: { type: 'sale', actionTrackerId: 88888, after: 'trial_start' },
  },
);
const workflows = useConversionWorkflows({ programme, serverTime: true });

const QUEUED = { queuedUri: '/APISubmissions/A-1' };
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const refused: Plan = { impact: { submitConversion: refuse } };

/** A user with a signup, which is the parent, and a sale. */
function createFamily() {
  const userId = randomUUID();
  const lead = (event: string) => ({
    _id: `${event}:${userId}`,
    campaignEventId: event,
    userId,
    payload: {},
  });
  const start = (conversion: Partial<Conversion>, plan: Plan = {}) =>
    workflows.start({ ...plan, conversion: { userId, ...conversion, ...plan.conversion } });
  return {
    signup: lead('signup'),
    parent: (plan?: Plan) => start(lead('signup'), plan),
    child: (plan?: Plan) => start({}, plan),
    trial: (plan?: Plan) => start(lead('trial_start'), plan),
    renewal: (plan?: Plan) => start({ _id: `sale_renewal:${userId}`, campaignEventId: 'sale_renewal' }, plan),
  };
}

async function sentAt({ conversion }: Sale): Promise<number> {
  const { submission } = await conversion();
  if (submission?.state !== 'queued') throw new Error('it was not sent');
  return submission.sentAt.getTime();
}

/** The server's clock runs on while a worker works. */
function expectAbout(expectedMs: number, ms: number): void {
  expect(ms).toBeGreaterThanOrEqual(expectedMs);
  expect(ms).toBeLessThan(expectedMs + 10_000);
}

/** Why it waits: the last word of the ledger. */
const waitingFor = (sale: Sale) => async () => {
  const { status, reason } = await sale.conversion();
  return `${status} ${reason} ${(await sale.lastEntry())?.detail}`;
};

async function startWaiting(family: ReturnType<typeof createFamily>, plan?: Plan): Promise<Sale> {
  const child = await family.child(plan);
  await expect.poll(waitingFor(child)).toMatch(/^reporting waits_for_parent Waits for signup:/);
  return child;
}

/** Without a jump of the server's clock. */
function untilEnded({ handle }: Sale): Promise<void> {
  return expect.poll(async () => (await handle.describe()).status.name).toBe('COMPLETED');
}

async function expectChildAfter(parent: Sale, child: Sale, afterMs: number): Promise<void> {
  expect(await child.handle.result()).toMatchObject({ status: 'submitted', timesParked: 0 });
  expectAbout(afterMs, (await sentAt(child)) - (await sentAt(parent)));
}

describe('a child', () => {
  it('is sent five minutes after its parent, which was delivered before it came', async () => {
    const family = createFamily();
    const parent = await family.parent();
    await untilEnded(parent);
    await expectChildAfter(parent, await family.child(), 5 * MINUTE_MS);
  });

  it('is sent five minutes after its parent, which comes later', async () => {
    const family = createFamily();
    const child = await startWaiting(family);
    await expectChildAfter(await family.parent(), child, 5 * MINUTE_MS);
  });

  it.each(['parent', 'child'] as const)(
    'is sent five minutes after its parent, where both come at the same moment, the %s first',
    async (first) => {
      const family = createFamily();
      const other = first === 'parent' ? 'child' : 'parent';
      const started = await Promise.all([family[first](), family[other]()]);
      const [parent, child] = first === 'parent' ? started : started.toReversed();
      await expectChildAfter(parent as Sale, child as Sale, 5 * MINUTE_MS);
    },
  );

  it('is sent at once where its parent was delivered long ago, and nothing says that it waited', async () => {
    const family = createFamily();
    await (await family.parent()).handle.result();
    await workflows.sleep('1 hour');
    const child = await family.child();
    await child.handle.result();
    expect(JSON.stringify((await child.conversion()).timeline)).not.toContain('Waits');
  });

  it('waits as well where a promo code credits the partner', async () => {
    const family = createFamily();
    const payload = { orderId: 'promo', totalAmountCents: 100, currency: 'USD', promoCode: 'TEN' };
    const child = await startWaiting(family, { conversion: { payload, attribution: null } });
    await expectChildAfter(await family.parent(), child, 5 * MINUTE_MS);
  });

  it('is itself a parent: a chain of three goes in order', async () => {
    const family = createFamily();
    const [renewal, trial] = [await family.renewal(), await family.trial()];
    const parent = await family.parent();
    await expectChildAfter(parent, trial, 5 * MINUTE_MS);
    await expectChildAfter(trial, renewal, 5 * MINUTE_MS);
  });

  it('does not wait again after it was sent once, because that request may have arrived', async () => {
    const submission = { orderId: 'x', attempts: 1, sentAt: new Date() } as Conversion['submission'];
    const child = await createFamily().child({ conversion: { submission } as Partial<Conversion> });
    expect(await child.handle.result()).toMatchObject({ status: 'submitted' });
  });
});

describe('a child whose parent is parked', () => {
  it('is sent after a day with its own click, and the parent is reported later all the same', async () => {
    const family = createFamily();
    const submitParent = vi.fn(async () => QUEUED).mockImplementationOnce(refuse);
    const submitChild = vi.fn(async () => QUEUED);
    const child = await startWaiting(family, { impact: { submitConversion: submitChild } });
    const parent = await family.parent({ impact: { submitConversion: submitParent } });
    await untilParked(parent.handle);
    await expect.poll(waitingFor(child)).toContain('it is parked (impact_refused)');
    const parkedAt = (await parent.lastEntry())?.at.getTime() ?? 0;

    await workflows.sleep('25 hours');
    await untilEnded(child);
    expectAbout(DAY_MS, (await sentAt(child)) - parkedAt);
    expect(submitChild).toHaveBeenCalledWith(expect.objectContaining({ clickId: 'click' }));

    await workflows.sleep('6 days');
    await parent.handle.signal(SIGNALS.retry);
    expect(await parent.handle.result()).toMatchObject({ status: 'submitted' });
  });
});

const ENDS: Record<
  Extract<ConversionStatus, 'skipped' | 'declined' | 'abandoned' | 'reversed'>,
  EndOfParent
> = {
  skipped: { plan: { conversion: { attribution: null } } },
  declined: {
    plan: {
      confirmAfterMs: MINUTE_MS,
      impact: { getSubmission: async () => ({ state: 'complete', errorReasons: ['UNCLAIMED'] }) },
    },
  },
  abandoned: {
    plan: refused,
    async end({ handle }) {
      await untilParked(handle);
      await handle.signal(SIGNALS.abandon);
    },
  },
  reversed: {
    plan: refused,
    async end({ handle, reverse }) {
      await untilParked(handle);
      await reverse();
    },
  },
};

interface EndOfParent {
  plan: Plan;
  end?(parent: Sale): Promise<void>;
}

describe('a child whose parent is not to be waited for', () => {
  it.each(Object.entries(ENDS))('is sent at once where the parent is %s', async (status, { plan, end }) => {
    const family = createFamily();
    const child = await startWaiting(family);
    const parent = await family.parent(plan);
    await end?.(parent);
    expect(await parent.handle.result()).toMatchObject({ status });
    await child.handle.result();
    const endedAt = (await parent.lastEntry())?.at.getTime() ?? 0;
    expectAbout(0, (await sentAt(child)) - endedAt);
  });

  it('is sent a day later where the ledger does not have the parent', async () => {
    const child = await createFamily().child();
    await child.handle.result();
    expectAbout(DAY_MS, (await sentAt(child)) - (await child.conversion()).createdAt.getTime());
  });
});

describe('a child that waits', () => {
  it('says so in the ledger and on its page, once', async () => {
    const child = await startWaiting(createFamily());
    await child.wake({ name: 'adjust' });
    await child.wake({ name: 'adjust' });
    expect(await stateOf(child.handle)).toMatchObject({
      status: 'reporting',
      reason: 'waits_for_parent',
      detail: expect.stringContaining('Waits for signup:'),
    });
    expect(await currentDetailsOf(child.handle)).toContain('`waits_for_parent`');
    const lines = (await child.conversion()).timeline.filter(({ reason }) => reason === 'waits_for_parent');
    expect(lines).toHaveLength(1);
  });

  it('says so no longer when it is sent', async () => {
    const family = createFamily();
    const child = await startWaiting(family);
    await family.parent();
    await child.handle.result();
    const { reason, timeline } = await child.conversion();
    expect(reason).toBeUndefined();
    expect(timeline.at(-2)?.detail).toMatch(/^Waits no longer for signup:.*: Impact got it at /);
  });

  it('is reversed at once by a refund, and is never sent', async () => {
    const submitConversion = vi.fn(async () => QUEUED);
    const child = await startWaiting(createFamily(), { impact: { submitConversion } });
    await child.reverse();
    await untilEnded(child);
    expect(await child.handle.result()).toMatchObject({ status: 'reversed' });
    expect(submitConversion).not.toHaveBeenCalled();
  });

  it('goes out with the amount that it has got meanwhile', async () => {
    const family = createFamily();
    const submitConversion = vi.fn(async () => QUEUED);
    const child = await startWaiting(family, { impact: { submitConversion } });
    await child.setAmount(1_900);
    await family.parent();
    await child.handle.result();
    expect(submitConversion).toHaveBeenCalledWith(expect.objectContaining({ amount: '19.00' }));
  });

  it('is abandoned on an abandon signal', async () => {
    const child = await startWaiting(createFamily());
    await child.handle.signal(SIGNALS.abandon, { by: 'kim' });
    expect(await child.handle.result()).toMatchObject({ status: 'abandoned', detail: 'Abandoned by kim.' });
  });

  it('takes no retry, and keeps none for later', async () => {
    const family = createFamily();
    const child = await startWaiting(family, refused);
    await child.handle.signal(SIGNALS.retry);
    await family.parent();
    await workflows.sleep('10 minutes');
    await untilParked(child.handle, 1);
  });

  it('waits for months for a parent that is on its way, with few events', async () => {
    const family = createFamily();
    await insertPending(workflows.db, { ...family.signup, status: 'reporting' });
    const child = await startWaiting(family);
    const { historyLength: before } = await child.handle.describe();
    await workflows.sleep('90 days');
    expect(await stateOf(child.handle)).toMatchObject({ reason: 'waits_for_parent' });
    const { historyLength } = await child.handle.describe();
    expect(historyLength - before).toBeLessThanOrEqual(90 * 6);
  });
});

describe('the wake of a child', () => {
  it('is repeated until it has gone through, and the parent is sent once', async () => {
    const family = createFamily();
    const child = await startWaiting(family);
    const submitConversion = vi.fn(async () => QUEUED);
    let failures = 0;
    const parent = await family.parent({
      impact: { submitConversion },
      async wake(_conversion, really) {
        if (failures === 3) return really();
        failures += 1;
        throw new Error('Temporal is away.');
      },
    });
    expect(await parent.handle.result()).toMatchObject({ status: 'submitted' });
    await expectChildAfter(parent, child, 5 * MINUTE_MS);
    expect({ failures, sent: submitConversion.mock.calls.length }).toEqual({ failures: 3, sent: 1 });
  });

  it('starts its workflow again where that was lost', async () => {
    const family = createFamily();
    const child = await family.child({
      begin: async ({ id }) => {
        const state = { status: 'reporting', reason: 'waits_for_parent' };
        await workflows.db.conversions.updateOne({ _id: id }, { $set: state });
      },
    });
    const parent = await family.parent();
    await parent.handle.result();
    await expectChildAfter(parent, child, 5 * MINUTE_MS);
  });

  it('that was lost costs a day at most', async () => {
    const family = createFamily();
    const { _id } = await insertPending(workflows.db, { ...family.signup, status: 'reporting' });
    const child = await startWaiting(family);
    await claimSubmission(workflows, _id, 'signup');
    const { submission } = await markSubmitted(workflows, _id);
    await child.handle.result();
    const deliveredAt = submission?.sentAt.getTime() ?? 0;
    expect((await sentAt(child)) - deliveredAt).toBeLessThanOrEqual(DAY_MS + 10_000);
  });
});
