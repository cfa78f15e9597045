import { expect, it } from 'vitest';
import type { AtImpact } from '../../../dev/trial/at-impact.js';
import type { Explanation } from '../../../dev/trial/check.js';
import type { Wanted } from '../../../dev/trial/wanted.js';
import { judge } from '../../../dev/week/judge.js';
import type { Planned } from '../../../dev/week/plan.js';
import { isResting } from '../../../dev/week/scrape.js';

const ID = 'signup:1';
const PLANNED: Planned = {
  event: 'signup',
  clerkId: 'user',
  clickId: 'click',
  occursAt: 0,
  publishedAt: 0,
  fate: 'credited',
};
const WANTED: Wanted = {
  event: 'signup',
  conversionId: ID,
  orderId: 'signup-1',
  clickIds: ['click'],
  occurred: { from: 0, to: 0 },
  asked: { askedAt: 0, attempts: [], status: 200 },
  adjustments: [],
  besides: [],
};
const TAKEN = {
  at: 1,
  actionTrackerId: '68897',
  clickId: 'click',
  amount: undefined,
  currency: undefined,
  eventDate: 0,
};
const ACTION = { id: 'action-1', states: [{ at: 1, isReversed: false, amount: 0 }] };

function problemsOf(atImpact: Partial<AtImpact>, explanation: Explanation = { status: 'confirmed' }) {
  const order: AtImpact = {
    conversions: [TAKEN],
    rejections: [],
    changesAt: [],
    actions: [ACTION],
    ...atImpact,
  };
  return judge(new Map([[PLANNED, WANTED]]), new Map([['signup-1', order]]), new Map([[ID, explanation]]))
    .problems;
}

it('finds nothing where each conversion is as planned', () => {
  expect(problemsOf({})).toEqual([]);
});

it.each([
  [
    'an outcome that was not planned',
    { actions: [], isUncredited: true as const },
    'uncredited instead of confirmed',
  ],
  ['a second POST', { conversions: [TAKEN, TAKEN] }, 'Impact took it 2 times instead of 1'],
])('finds %s', (_, atImpact, problem) => {
  expect(problemsOf(atImpact)).toEqual([`${ID}: ${problem}`]);
});

it('finds a refund that waits for a human', () => {
  const adjustments = [{ kind: 'reversal', status: 'parked', parkReason: 'locked' }];
  expect(problemsOf({}, { status: 'confirmed', adjustments })).toEqual([
    `${ID}: its reversal waits for a human: locked`,
  ]);
});

it.each([
  ['a start takes a second', 'pending', 1, false, true],
  ['a start takes longer than in life', 'pending', 150, false, false],
  ['a retry takes longer than in life', 'reporting', 7_200, false, false],
  ['Impact is away', 'reporting', 7_200, true, true],
  ['an operator is waited for', 'parked', 7_200, false, true],
] as const)('lets the clock go on or stand: %s', (_, status, seconds, isAway, expected) => {
  const series = `affiliate_oldest_waiting_seconds{kind="conversion",status="${status}",job="affiliate-worker"}`;
  expect(isResting(new Map([[series, seconds]]), isAway)).toBe(expected);
});
