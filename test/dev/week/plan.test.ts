import { describe, expect, it } from 'vitest';
import { DAY, HOUR, WEEK } from '../../../dev/week/clock.js';
import { expectedOutcome, type Planned, planWeek } from '../../../dev/week/plan.js';

const { conversions, outage, audits } = planWeek(7, 2_000);
const count = (is: (planned: Planned) => unknown) => conversions.filter(is).length;
const isRefunded = ({ change }: Planned) => change && change.cents === undefined;

describe('the plan of a week', () => {
  it('is the same for the same seed, and another one for another', () => {
    expect(planWeek(7, 2_000).conversions).toEqual(conversions);
    expect(planWeek(8, 2_000).conversions).not.toEqual(conversions);
  });

  it('has 2,000 conversions: 1 % declined, 0.5 % credited to no partner, 3 % refunded, and some with a new amount', () => {
    expect(conversions).toHaveLength(2_000);
    expect(count(({ fate }) => fate === 'declined')).toBe(20);
    expect(count(({ fate }) => fate === 'uncredited')).toBe(10);
    expect(count(isRefunded)).toBe(60);
    expect(count(({ change }) => change?.cents)).toBe(20);
  });

  it('refunds orders that Impact has credited, and orders that it has not', () => {
    for (const fate of ['credited', 'declined', 'uncredited'])
      expect(
        count((planned) => isRefunded(planned) && planned.clickId && planned.fate === fate),
      ).toBeGreaterThan(0);
    expect(count((planned) => isRefunded(planned) && !planned.clickId)).toBeGreaterThan(0);
  });

  it('has one order that is published days late, and one that comes before its user', () => {
    expect(count(({ occursAt, publishedAt }) => publishedAt - occursAt >= 3 * DAY)).toBe(1);
    const signups = new Map(
      conversions.filter(({ sale }) => !sale).map(({ clerkId, occursAt }) => [clerkId, occursAt]),
    );
    expect(count(({ sale, clerkId, occursAt }) => sale && occursAt < (signups.get(clerkId) ?? 0))).toBe(1);
  });

  it('changes nothing before it is published, and nothing after the week', () => {
    for (const { publishedAt, change } of conversions)
      for (const at of [publishedAt, change?.at ?? publishedAt])
        expect(at).toSatisfy((moment: number) => moment >= publishedAt && moment < WEEK);
  });

  it('is busier in the evening than at night, and on a Friday than on a Sunday', () => {
    const signupsIn = (from: number, to: number) =>
      count(({ sale, occursAt }) => !sale && occursAt % DAY >= from && occursAt % DAY < to);
    expect(signupsIn(18 * HOUR, 21 * HOUR)).toBeGreaterThan(3 * signupsIn(HOUR, 4 * HOUR));
    const onDay = (day: number) => count(({ sale, occursAt }) => !sale && Math.floor(occursAt / DAY) === day);
    expect(onDay(4)).toBeGreaterThan(onDay(6));
  });

  it('has two hours in which Impact is away, with business in them, and an audit each day', () => {
    expect(outage.to - outage.from).toBe(2 * HOUR);
    expect(count(({ publishedAt }) => publishedAt >= outage.from && publishedAt < outage.to)).toBeGreaterThan(
      10,
    );
    expect(audits.map((at) => Math.floor(at / DAY))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });
});

describe('the outcome of a conversion', () => {
  const [some] = conversions;
  const outcome = (own: Partial<Planned>) =>
    expectedOutcome({ ...(some as Planned), clickId: 'click', fate: 'credited', ...own });

  it.each([
    ['confirmed', {}],
    ['declined', { fate: 'declined' }],
    ['uncredited', { fate: 'uncredited', change: { at: 1 } }],
    ['reversed', { change: { at: 1 } }],
    ['confirmed', { change: { at: 1, cents: 900 } }],
  ] as const)('is %s for %o', (expected, own) => {
    expect(outcome(own)).toBe(expected);
  });
});
