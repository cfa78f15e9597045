import { describe, expect, it } from 'vitest';
import { checkReferralWindow, referralWindow } from '../../src/domain/referral-window.js';

const capturedAt = new Date('2026-11-01T00:00:00.000Z');
const THIRTY_DAYS_MS = 30 * 86_400_000;
const elapsed = (elapsedMs: number) =>
  checkReferralWindow({
    capturedAt,
    occurredAt: new Date(capturedAt.getTime() + elapsedMs),
    referralWindowDays: 30,
  });

describe('a referral window of 30 days', () => {
  it('holds an event in the moment of the click', () => {
    expect(elapsed(0).inside).toBe(true);
  });

  it('holds an event exactly 30 days after the click', () => {
    expect(elapsed(THIRTY_DAYS_MS).inside).toBe(true);
  });

  it('holds an event in the rest of that last second', () => {
    expect(elapsed(THIRTY_DAYS_MS + 999).inside).toBe(true);
  });

  it('does not hold an event one second later', () => {
    expect(elapsed(THIRTY_DAYS_MS + 1_000).inside).toBe(false);
  });
});

describe('the detail of the check', () => {
  it('says how many seconds were left', () => {
    expect(elapsed(THIRTY_DAYS_MS - 60_000).detail).toBe(
      'Click captured 2026-11-01T00:00:00.000Z, event 2026-11-30T23:59:00.000Z: 2591940 s later, ' +
        '60 s before the 30-day window (2592000 s) closed.',
    );
  });

  it('says by how many seconds it was too late', () => {
    expect(elapsed(THIRTY_DAYS_MS + 1_000).detail).toBe(
      'Click captured 2026-11-01T00:00:00.000Z, event 2026-12-01T00:00:01.000Z: 2592001 s later, ' +
        '1 s after the 30-day window (2592000 s) closed.',
    );
  });
});

describe('the times of a window', () => {
  const occurredAt = new Date('2026-12-02T00:00:00.000Z');

  it('say when it closed, and whether the event was inside', () => {
    expect(referralWindow(capturedAt, occurredAt, 30)).toEqual({
      capturedAt,
      occurredAt,
      windowDays: 30,
      closesAt: new Date('2026-12-01T00:00:00.000Z'),
      isInside: false,
    });
  });

  it("have no end where Impact's contract decides", () => {
    expect(referralWindow(capturedAt, occurredAt, null)).toEqual({
      capturedAt,
      occurredAt,
      windowDays: null,
      isInside: true,
    });
  });
});
