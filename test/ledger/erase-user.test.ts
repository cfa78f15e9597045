import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { claimSubmission } from '../../src/ledger/claim-submission.js';
import { publishConversion } from '../../src/ledger/publish-conversion.js';
import { findReleasable } from '../../src/ledger/release-skipped.js';
import { requestAdjustment } from '../../src/ledger/request-adjustment.js';
import { countEnded, restartEnded } from '../../src/ledger/restart-ended.js';
import { createSignupMetrics } from '../../src/ledger/signup-metrics.js';
import { findErasure } from '../../src/ledger/tombstone.js';
import { createMetrics } from '../../src/metrics.js';
import type { Database } from '../../src/mongo.js';
import { explainConversion } from '../../src/operations/explain-conversion.js';
import { eraseUser } from '../../src/users/erase-user.js';
import { syncUser } from '../../src/users/sync-user.js';
import { updateAffiliateAttribution } from '../../src/users/update-affiliate-attribution.js';
import { sampleOf } from '../support/metrics-page.js';
import { openFreshDatabase } from '../support/mongo.js';
import { insertPending } from '../support/pending-conversion.js';
import { userIdOf } from '../support/user-id.js';

let db: Database;

beforeAll(async () => {
  db = await openFreshDatabase();
});
afterAll(() => db.close());

const CLICK = 'click-of-a-person';
const EMAIL = 'f'.repeat(40);
const HOUR_MS = 3_600_000;

const deps = () => ({ db, programme, userIdOf, signupGraceMs: 60_000 });
const newPerson = () => `user_${randomUUID()}`;
const idOf = (clerkId: string) => userIdOf(clerkId).toHexString();
const signupOf = (clerkId: string) => `signup:${idOf(clerkId)}`;
const conversion = async (id: string) => (await db.conversions.findById(id).lean()) as Conversion;
const erasureOf = (clerkId: string) => findErasure(db, programme, idOf(clerkId));
const later = () => new Date(Date.now() + HOUR_MS);
const erase = (clerkId: string) => eraseUser(deps(), clerkId);

function sale(clerkId: string, payload: Record<string, unknown> = {}) {
  const order = { orderId: randomUUID(), totalAmountCents: 4900, currency: 'USD' };
  const occurredAt = new Date();
  const payloadOf = { ...order, customerEmail: EMAIL, note: 'For Kim', ...payload };
  return { campaignEventId: 'sale_subscription', user: { clerkId }, occurredAt, payload: payloadOf };
}

/** A user with a click, a signup and a sale, both waiting to be sent. */
async function customer() {
  const clerkId = newPerson();
  await syncUser(deps(), { clerkId, clickId: CLICK });
  const request = sale(clerkId);
  const published = await publishConversion(deps(), request);
  return { clerkId, request, saleId: published.conversion._id };
}

/** A sale of a person, in any state. */
async function saleIn(clerkId: string, state: Partial<Conversion>): Promise<string> {
  const { _id } = await insertPending(db, { userId: idOf(clerkId), ...state });
  return _id;
}

const submission = (state: 'sending' | 'queued' | 'rejected') => ({
  state,
  orderId: 'order',
  attempts: 1,
  sentAt: new Date(),
});

describe('an erasure', () => {
  it('leaves nothing in MongoDB that says who the user was, or how they came', async () => {
    const { clerkId } = await customer();
    await erase(clerkId);
    const users = await db.users.find().lean();
    const left = await db.conversions.find({ userId: idOf(clerkId) }).lean();
    expect(left).toHaveLength(2);
    const text = JSON.stringify([users, left]);
    for (const personal of [clerkId, CLICK, EMAIL, 'Kim']) expect(text).not.toContain(personal);
  });

  it('keeps the order, the amount and the times', async () => {
    const { clerkId, saleId } = await customer();
    const before = await conversion(saleId);
    await erase(clerkId);
    const { orderId, totalAmountCents, currency } = before.payload;
    const { userId, occurredAt, createdAt } = before;
    expect(await conversion(saleId)).toMatchObject({
      ...{ userId, occurredAt, createdAt },
      payload: { orderId, totalAmountCents, currency },
    });
  });

  it('changes nothing when it is repeated', async () => {
    const { clerkId, saleId } = await customer();
    await erase(clerkId);
    const before = [await erasureOf(clerkId), await conversion(saleId), await conversion(signupOf(clerkId))];
    await erase(clerkId);
    const after = [await erasureOf(clerkId), await conversion(saleId), await conversion(signupOf(clerkId))];
    expect(after).toEqual(before);
  });

  it('twice at once is one', async () => {
    const { clerkId } = await customer();
    await Promise.all([erase(clerkId), erase(clerkId), erase(clerkId)]);
    const signup = await conversion(signupOf(clerkId));
    expect(signup.timeline.filter(({ reason }) => reason === 'user_erased')).toHaveLength(1);
  });

  it('reaches each of hundreds of conversions', async () => {
    const clerkId = newPerson();
    for (let left = 250; left > 0; left -= 1) await saleIn(clerkId, {});
    await erase(clerkId);
    expect(await erasureOf(clerkId)).toMatchObject({ conversions: 251 });
    expect(await db.conversions.countDocuments({ userId: idOf(clerkId), erasedAt: null })).toBe(0);
  });

  it('is finished by another one where it was interrupted', async () => {
    const { clerkId, saleId } = await customer();
    await erase(clerkId);
    const missed = await saleIn(clerkId, {});
    await erase(clerkId);
    expect(await conversion(missed)).toMatchObject({ reason: 'user_erased', attribution: null });
    expect((await conversion(saleId)).erasedAt).toBeDefined();
  });

  it('of a person of whom only a held conversion is known ends that', async () => {
    const clerkId = newPerson();
    const { conversion: held } = await publishConversion(deps(), sale(clerkId));
    expect(held.reason).toBe('user_not_found');
    await erase(clerkId);
    expect(await conversion(held._id)).toMatchObject({ status: 'skipped', reason: 'user_erased' });
    expect(await erasureOf(clerkId)).toMatchObject({ conversions: 2 });
  });

  it('of a person of whom nothing is known writes nothing', async () => {
    const clerkId = newPerson();
    await erase(clerkId);
    expect(await erasureOf(clerkId)).toBeNull();
    expect(await db.conversions.countDocuments({ userId: idOf(clerkId) })).toBe(0);
  });

  it('of a user without a signup keeps when it was', async () => {
    const clerkId = newPerson();
    const now = new Date();
    await db.users.create({ _id: userIdOf(clerkId), clerkId, createdAt: now, updatedAt: now });
    await erase(clerkId);
    expect(await conversion(signupOf(clerkId))).toMatchObject({ status: 'skipped', reason: 'user_erased' });
    await expect(syncUser(deps(), { clerkId, since: now })).rejects.toMatchObject({ code: 'user_erased' });
  });

  it('finds the conversions of a user whose document this service did not create, too', async () => {
    const clerkId = newPerson();
    const now = new Date();
    const { _id } = await db.users.create({ clerkId, createdAt: now, updatedAt: now });
    const { conversion: sold } = await publishConversion(deps(), sale(clerkId));
    expect(sold.userId).toBe(_id.toHexString());
    await erase(clerkId);
    expect((await conversion(sold._id)).payload).not.toHaveProperty('customerEmail');
    await expect(syncUser(deps(), { clerkId, since: now })).rejects.toMatchObject({ code: 'user_erased' });
  });

  it('counts each conversion that it ends as a step, and a signup that it adds as none', async () => {
    const clerkId = newPerson();
    await publishConversion(deps(), sale(clerkId));
    const metrics = createMetrics();
    await eraseUser({ ...deps(), metrics }, clerkId);
    const counted = (event: string) =>
      metrics.conversions
        .get()
        .then(({ values }) => values.find(({ labels }) => labels.event === event)?.value);
    expect(await Promise.all(['sale_subscription', 'signup'].map(counted))).toEqual([1, undefined]);
  });
});

describe('an erased conversion', () => {
  it.each([
    ['pending', {}],
    ['waiting for its parent', { status: 'reporting', reason: 'waits_for_parent' }],
    ['parked before it was sent', { status: 'parked', reason: 'credentials_rejected' }],
    [
      'parked, as Impact turned it down',
      { status: 'parked', reason: 'contract_not_found', submission: submission('rejected') },
    ],
    ['held for its user', { status: 'skipped', reason: 'user_not_found' }],
    ['skipped without credentials', { status: 'skipped', reason: 'provider_not_configured' }],
  ] as const)('ends if it was %s', async (_what, state) => {
    const clerkId = newPerson();
    const id = await saleIn(clerkId, state);
    await erase(clerkId);
    expect(await conversion(id)).toMatchObject({ status: 'skipped', reason: 'user_erased' });
  });

  it.each([
    ['on its way', { status: 'reporting', submission: submission('sending') }],
    [
      'parked, as it may have arrived',
      { status: 'parked', reason: 'impact_timeout', submission: submission('sending') },
    ],
    ['queued', { status: 'submitted', submission: submission('queued') }],
    ['confirmed', { status: 'confirmed', submission: submission('queued') }],
    ['declined', { status: 'declined', reason: 'unclaimed', submission: submission('rejected') }],
    ['abandoned', { status: 'abandoned' }],
    ['skipped by a rule', { status: 'skipped', reason: 'outside_referral_window' }],
  ] as const)('stays where it is, as old as it is, if it was %s', async (_what, state) => {
    const clerkId = newPerson();
    const updatedAt = new Date(Date.now() - HOUR_MS);
    const id = await saleIn(clerkId, { ...state, updatedAt });
    await erase(clerkId);
    expect(await conversion(id)).toMatchObject({ ...state, updatedAt, attribution: null });
  });

  it('is reversed instead of ended if a refund of it was waiting', async () => {
    const clerkId = newPerson();
    const requested = { requestedAt: new Date(), requestedBy: 'mch_shop' };
    const refund = {
      id: 'reversal-1',
      kind: 'reversal',
      reason: 'ITEM_RETURNED',
      status: 'reporting',
    } as const;
    const adjustments = [{ ...refund, ...requested }];
    const id = await saleIn(clerkId, { status: 'parked', reason: 'impact_unavailable', adjustments });
    await erase(clerkId);
    expect(await conversion(id)).toMatchObject({
      status: 'reversed',
      adjustments: [{ status: 'confirmed' }],
    });
  });

  it('answers for the same order, published again, and takes no address from it', async () => {
    const { clerkId, request, saleId } = await customer();
    await erase(clerkId);
    const again = await publishConversion(deps(), request);
    expect(again).toMatchObject({ recorded: false, conversion: { _id: saleId, reason: 'user_erased' } });
    expect((await conversion(saleId)).payload).not.toHaveProperty('customerEmail');
  });

  it('is a conflict for the same order with another amount', async () => {
    const { clerkId, request } = await customer();
    await erase(clerkId);
    const other = { ...request, payload: { ...request.payload, totalAmountCents: 1 } };
    await expect(publishConversion(deps(), other)).rejects.toMatchObject({ code: 'conversion_conflict' });
  });

  it('takes no address from a lead that is published again', async () => {
    const { clerkId } = await customer();
    await erase(clerkId);
    const payload = { customerEmail: EMAIL };
    await publishConversion(deps(), { campaignEventId: 'signup', user: { clerkId }, payload });
    expect((await conversion(signupOf(clerkId))).payload).toEqual({});
  });

  it.each([
    ['skipped', 'no_attribution'],
    ['declined', 'unclaimed'],
    ['abandoned', undefined],
  ] as const)('that was %s (%s) is restarted by no operator', async (status, reason) => {
    const clerkId = newPerson();
    const id = await saleIn(clerkId, { status, ...(reason ? { reason } : {}) });
    await erase(clerkId);
    const filter = { status, reason };
    expect(await countEnded(db, filter)).toEqual([]);
    expect(await restartEnded({ db }, filter, 'Restarted by kim.')).toBe(0);
    expect(await conversion(id)).toMatchObject({ status });
  });

  it('is never claimed, and so never sent', async () => {
    const clerkId = newPerson();
    const id = await saleIn(clerkId, { status: 'abandoned' });
    await erase(clerkId);
    const claim = await claimSubmission({ db }, id, 'order');
    expect(claim).toMatchObject({ state: 'settled', conversion: { status: 'abandoned' } });
  });

  it('says that its user was erased, and offers no retry, whatever it ended for', async () => {
    const clerkId = newPerson();
    const id = await saleIn(clerkId, { status: 'abandoned' });
    await erase(clerkId);
    const { meaning, retry, action } = explainConversion(await conversion(id));
    expect(meaning).toMatch(/abandoned it.* The user was erased at /);
    expect({ retry, action }).toMatchObject({ retry: 'none', action: expect.stringMatching(/^Nothing/) });
  });

  it('keeps the words of what became of it before', async () => {
    const clerkId = newPerson();
    const timeline = [{ at: new Date(), status: 'confirmed' as const, detail: 'Impact has it as action 1.' }];
    const id = await saleIn(clerkId, { status: 'confirmed', submission: submission('queued'), timeline });
    await erase(clerkId);
    expect(explainConversion(await conversion(id)).meaning).toContain('Impact has it as action 1.');
  });
});

describe('a person who was erased and signs up again', () => {
  it('is a new user, without the old click, and with no second signup', async () => {
    const { clerkId } = await customer();
    await erase(clerkId);
    const { user, pending } = await syncUser(deps(), { clerkId, since: later() });
    expect(user).not.toHaveProperty('attribution');
    expect(pending).toEqual([]);
    expect(await conversion(signupOf(clerkId))).toMatchObject({ status: 'skipped', reason: 'user_erased' });
  });

  it('brings no old conversion back with a new click', async () => {
    const { clerkId, saleId } = await customer();
    const organic = await saleIn(clerkId, {
      ...{ status: 'skipped', reason: 'click_after_event', attribution: null },
      occurredAt: new Date(),
    });
    await erase(clerkId);
    await syncUser(deps(), { clerkId, since: later() });
    await updateAffiliateAttribution(deps(), { clerkId, clickId: 'a-new-click', clickedAt: new Date() });
    const found = findReleasable(db, {
      ...{ reason: 'click_after_event', policy: 'last_click' },
      since: new Date(0),
    } as const);
    for await (const { _id } of found) expect(_id).not.toBe(organic);
    for (const id of [organic, saleId, signupOf(clerkId)])
      expect(await conversion(id)).toMatchObject({ status: 'skipped', attribution: null });
  });

  it('has a new sale credited to the new click', async () => {
    const { clerkId } = await customer();
    await erase(clerkId);
    await syncUser(deps(), { clerkId, clickId: 'a-new-click', since: later() });
    const { conversion: sold } = await publishConversion(deps(), sale(clerkId));
    expect(sold).toMatchObject({ status: 'pending', attribution: { clickId: 'a-new-click' } });
  });

  it('can be erased again, with what is new', async () => {
    const { clerkId } = await customer();
    await erase(clerkId);
    const first = await erasureOf(clerkId);
    await syncUser(deps(), { clerkId, clickId: 'a-new-click', since: later() });
    const { conversion: sold } = await publishConversion(deps(), sale(clerkId));
    await erase(clerkId);
    const second = await erasureOf(clerkId);
    expect(second?.erasedAt.getTime()).toBeGreaterThan(first?.erasedAt.getTime() ?? 0);
    expect(await conversion(sold._id)).toMatchObject({ reason: 'user_erased', attribution: null });
  });
});

describe('a session of before the erasure', () => {
  it.each([
    ['a request', {}],
    ['a request with a click', { clickId: 'a-new-click' }],
    ['a request of a user who is probably new', { clickId: 'a-new-click', isProbablyNew: true }],
  ])('creates no user by %s', async (_what, visit) => {
    const { clerkId } = await customer();
    const since = new Date();
    await erase(clerkId);
    await expect(syncUser(deps(), { clerkId, since, ...visit })).rejects.toMatchObject({
      code: 'user_erased',
    });
    expect(await db.users.countDocuments({ clerkId })).toBe(0);
  });

  it('creates none at the very time of the erasure', async () => {
    const { clerkId } = await customer();
    await erase(clerkId);
    const since = (await erasureOf(clerkId))?.erasedAt;
    await expect(syncUser(deps(), { clerkId, since })).rejects.toMatchObject({ code: 'user_erased' });
  });

  it('stores no click', async () => {
    const { clerkId } = await customer();
    const since = new Date();
    await erase(clerkId);
    const stored = updateAffiliateAttribution(deps(), { clerkId, clickId: 'a-new-click', since });
    await expect(stored).rejects.toMatchObject({ code: 'user_erased' });
    expect(await db.users.countDocuments({ clerkId })).toBe(0);
  });
});

describe('an order of an erased person', () => {
  it('that is new is held, as for an unknown user', async () => {
    const { clerkId } = await customer();
    await erase(clerkId);
    const { conversion: held } = await publishConversion(deps(), sale(clerkId));
    expect(held).toMatchObject({ status: 'skipped', reason: 'user_not_found' });
  });

  it('of which the refund came before the erasure, is reversed when it comes', async () => {
    const { clerkId } = await customer();
    const request = sale(clerkId);
    const id = `sale_subscription:${request.payload.orderId}`;
    await requestAdjustment(deps(), id, { kind: 'reversal', reason: 'ITEM_RETURNED', by: 'mch_shop' });
    await erase(clerkId);
    expect((await publishConversion(deps(), request)).conversion).toMatchObject({ status: 'reversed' });
  });

  it('whose signup only a refund had named has its signup ended', async () => {
    const clerkId = newPerson();
    const refund = { kind: 'reversal', reason: 'CONS_FRAUD', by: 'mch_shop' } as const;
    await requestAdjustment(deps(), signupOf(clerkId), refund);
    await erase(clerkId);
    await syncUser(deps(), { clerkId, clickId: CLICK, since: later() });
    expect(await conversion(signupOf(clerkId))).toMatchObject({ status: 'skipped', reason: 'user_erased' });
  });
});

it('the metric of the signups counts a signup that was reported, and none that an erasure added', async () => {
  const own = await openFreshDatabase();
  const atHand = { ...deps(), db: own };
  const createdAt = new Date(Date.now() - HOUR_MS);
  const signUp = async (clerkId: string, state: Partial<Conversion>) => {
    const userId = idOf(clerkId);
    const signup = { _id: `signup:${userId}`, campaignEventId: 'signup', payload: {}, userId, createdAt };
    await insertPending(own, { ...signup, ...state });
    await eraseUser(atHand, clerkId);
  };
  await signUp(newPerson(), { status: 'confirmed', submission: submission('queued') });
  await signUp(newPerson(), { status: 'skipped', reason: 'no_attribution', attribution: null });
  const imported = newPerson();
  await own.users.create({ _id: userIdOf(imported), clerkId: imported, createdAt, updatedAt: createdAt });
  await eraseUser(atHand, imported);
  await own.conversions.updateOne({ _id: signupOf(imported) }, { $set: { createdAt } });
  const page = await createSignupMetrics(own, { signup: programme.signup, signupGraceMs: 0 }).read();
  const count = (click: string) => sampleOf(page, 'affiliate_signups', { hours: '6', period: 'now', click });
  expect(['with', 'without'].map(count)).toEqual([1, 1]);
  await own.close();
});
