import { describe, expect, it } from 'vitest';
import type { Conversion } from '../../src/domain/conversion.js';
import { waitForParent } from '../../src/domain/parent.js';
import { pendingConversion } from '../support/pending-conversion.js';

const AFTER = { eventId: 'signup', minutes: 5, maxHours: 24 };
const at = (time: string) => new Date(`2026-11-02T${time}Z`);
const CHILD = { userId: 'u1', createdAt: at('08:00:00'), timeline: [] };
type Child = Parameters<typeof waitForParent>[0];
const SUBMISSION = { orderId: 'signup-u1', attempts: 1, sentAt: at('09:00:00') };

function waitFor(parent: Partial<Conversion> | null, now: Date, child: Child = CHILD) {
  return waitForParent(child, parent && pendingConversion({ _id: 'signup:u1', ...parent }), AFTER, now);
}

const parkedAt = (when: Date): Partial<Conversion> => ({
  status: 'parked',
  reason: 'impact_refused',
  timeline: [
    { at: at('01:00:00'), status: 'parked', reason: 'impact_refused' },
    { at: when, status: 'parked', reason: 'impact_refused' },
    { at: at('23:00:00'), status: 'parked', reason: 'ITEM_RETURNED', detail: 'Of an adjustment.' },
  ],
});

describe('a child waits', () => {
  it.each(['pending', 'reporting'] as const)('without a limit for a parent that is %s', (status) => {
    const wait = waitFor({ status }, new Date('2027-11-02'));
    expect(wait).toEqual({ isOver: false, detail: 'Waits for signup:u1: it is on its way to Impact.' });
  });

  it('until some minutes after the delivery of its parent', () => {
    const parent: Partial<Conversion> = {
      status: 'submitted',
      submission: { ...SUBMISSION, state: 'queued' },
    };
    expect(waitFor(parent, at('09:04:59'))).toEqual({
      isOver: false,
      until: at('09:05:00'),
      detail:
        'Waits for signup:u1: Impact got it at 2026-11-02T09:00:00.000Z. It is sent at 2026-11-02T09:05:00.000Z.',
    });
    expect(waitFor(parent, at('09:05:00')).isOver).toBe(true);
  });

  it('a day for a parent that is parked, since it was parked last', () => {
    const next = at('09:00:00').getTime() + 86_400_000;
    expect(waitFor(parkedAt(at('09:00:00')), new Date(next - 1))).toMatchObject({
      isOver: false,
      detail: expect.stringContaining(
        'it is parked (impact_refused). It is sent at 2026-11-03T09:00:00.000Z.',
      ),
    });
    expect(waitFor(parkedAt(at('09:00:00')), new Date(next)).isOver).toBe(true);
  });

  it('a day for a parent that Impact has turned down, and that is parked', () => {
    const parent: Partial<Conversion> = {
      ...parkedAt(at('09:00:00')),
      submission: { ...SUBMISSION, state: 'rejected' },
    };
    expect(waitFor(parent, at('23:00:00')).isOver).toBe(false);
  });

  it('some minutes for a parent that is parked because Impact never confirmed it', () => {
    const parent: Partial<Conversion> = {
      ...parkedAt(at('20:00:00')),
      submission: { ...SUBMISSION, state: 'queued' },
    };
    expect(waitFor(parent, at('20:00:00')).isOver).toBe(true);
  });

  it('a day after its own start for a parent that the ledger does not have', () => {
    expect(waitFor(null, at('23:00:00'))).toMatchObject({
      isOver: false,
      until: new Date(at('08:00:00').getTime() + 86_400_000),
      detail: expect.stringContaining('the ledger does not have it'),
    });
  });

  it.each(['user_not_found', 'order_not_found'])(
    'for a parent that is held (%s), as for one that is missing',
    (reason) => {
      const held = { status: 'skipped', reason } as const;
      expect(waitFor(held, at('23:00:00'))).toMatchObject({
        isOver: false,
        detail: expect.stringContaining('it is held'),
      });
    },
  );

  it('a day after its user appeared, if it was held itself', () => {
    const child = { ...CHILD, timeline: [{ at: at('20:00:00'), status: 'pending' as const }] };
    const { until } = waitFor(null, at('23:00:00'), child);
    expect(until).toEqual(new Date(at('20:00:00').getTime() + 86_400_000));
  });
});

describe('a child does not wait', () => {
  it.each(['skipped', 'declined', 'abandoned', 'reversed'] as const)('for a parent that is %s', (status) => {
    expect(waitFor({ status }, at('08:00:00'))).toMatchObject({
      isOver: true,
      detail: `Waits no longer for signup:u1: it is ${status}.`,
    });
  });
});
