import { describe, expect, it } from 'vitest';
import type { Adjustment } from '../../src/domain/adjustment.js';
import { impactClick } from '../../src/domain/attribution.js';
import type { Conversion } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { requestOf, windowOf } from '../../src/operations/show-report.js';
import { pendingConversion } from '../support/pending-conversion.js';
import { programmeWith } from '../support/programme.js';

const DAY_MS = 86_400_000;
const ago = (days: number) => new Date(Date.now() - days * DAY_MS);

const sale = (overrides: Partial<Conversion> = {}) =>
  pendingConversion({
    _id: 'sale_subscription:A-1',
    payload: { orderId: 'A-1', totalAmountCents: 4900, currency: 'USD' },
    ...overrides,
  });
const sentAt = ago(0.5);
const submission = { state: 'queued', orderId: 'A-1', attempts: 1, sentAt } as const;
const amount = (totalAmountCents: number, requestedAt: Date): Adjustment => ({
  ...{ id: 'c1', kind: 'amount', reason: 'ORDER_UPDATE', status: 'confirmed' },
  ...{ totalAmountCents, effectiveAt: requestedAt, requestedAt, requestedBy: 'shop' },
});

describe('the request to Impact', () => {
  it('is the form that a conversion would be sent as', () => {
    const conversion = sale();
    expect(requestOf(programme, conversion)).toEqual({
      CampaignId: '48046',
      ActionTrackerId: '99999',
      ClickId: 'click',
      OrderId: 'A-1',
      EventDate: conversion.occurredAt.toISOString(),
      CustomerId: conversion.userId,
      Amount: '49.00',
      CurrencyCode: 'USD',
    });
  });

  it("leaves out the hash of the customer's e-mail address", () => {
    const payload = { ...sale().payload, customerEmail: 'a'.repeat(40) };
    expect(requestOf(programme, sale({ payload }))).not.toHaveProperty('CustomerEmail');
  });

  it('has the amount that came before it was sent', () => {
    const adjustments = [amount(1900, ago(0.75))];
    expect(requestOf(programme, sale({ adjustments }))).toMatchObject({ Amount: '19.00' });
    expect(requestOf(programme, sale({ adjustments, submission }))).toMatchObject({ Amount: '19.00' });
  });

  it('has not the amount that was sent after it', () => {
    const adjustments = [{ ...amount(1900, ago(0.25)), sentAt: ago(0.25) }];
    expect(requestOf(programme, sale({ adjustments, submission }))).toMatchObject({ Amount: '49.00' });
  });

  it('of what was sent is there however old it is by now', () => {
    const old = { occurredAt: ago(100), attribution: impactClick('click', ago(101)) };
    const long = { ...submission, sentAt: ago(99) };
    expect(requestOf(programme, sale({ ...old, submission: long }))).toMatchObject({ ClickId: 'click' });
    expect(requestOf(programme, sale(old))).toBeUndefined();
  });

  it('is there with a promo code and without a click', () => {
    const payload = { ...sale().payload, promoCode: 'SAVE10' };
    const request = requestOf(programme, sale({ attribution: null, payload }));
    expect(request).toMatchObject({ OrderPromoCode: 'SAVE10' });
    expect(request).not.toHaveProperty('ClickId');
  });

  it.each<[string, Partial<Conversion>]>([
    ['has neither a click nor a promo code', { attribution: null }],
    ['is outside the referral window', { attribution: impactClick('click', ago(40)) }],
    ['was reversed before it was sent', { status: 'reversed' }],
    ['is of an event that has left the programme', { _id: 'old:A-1', campaignEventId: 'old' }],
    [
      'waits for its order, of which only a refund has come',
      { payload: { orderId: 'A-1' }, attribution: null, userId: '' },
    ],
  ])('is not there where the conversion %s', (_what, overrides) => {
    expect(requestOf(programme, sale(overrides))).toBeUndefined();
  });

  it('is not there where its event has another type now', () => {
    const leads = programmeWith({ sale_subscription: { type: 'lead', actionTrackerId: 99999 } });
    expect(requestOf(leads, sale())).toBeUndefined();
  });
});

describe('the window of a conversion', () => {
  it('is that of its event', () => {
    const { occurredAt, attribution } = sale();
    expect(windowOf(programme, sale({ occurredAt, attribution }))).toMatchObject({
      occurredAt,
      capturedAt: attribution?.capturedAt,
      windowDays: 30,
      isInside: true,
    });
  });

  it.each<[string, Partial<Conversion>]>([
    ['without a click', { attribution: null }],
    ['whose event has left the programme', { campaignEventId: 'old' }],
  ])('is not there for a conversion %s', (_what, overrides) => {
    expect(windowOf(programme, sale(overrides))).toBeUndefined();
  });
});
