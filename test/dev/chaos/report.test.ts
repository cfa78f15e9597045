import { expect, it } from 'vitest';
import { faultTable, type Judged, summarize } from '../../../dev/chaos/report.js';
import type { AtImpact } from '../../../dev/trial/at-impact.js';
import type { Verdict } from '../../../dev/trial/check.js';

/** Asked at 1,000, answered at 2,000, taken by Impact at 3,000, processed at 4,000. */
function judged(verdict: Verdict): Judged {
  const conversion = {
    at: 3_000,
    actionTrackerId: '99999',
    clickId: 'click',
    amount: 49,
    currency: 'USD',
    eventDate: 1_000,
  };
  const atImpact: AtImpact = {
    conversions: [conversion],
    rejections: [],
    changesAt: [],
    actions: [{ id: 'action-1', states: [{ at: 4_000, isReversed: false, amount: 49 }] }],
  };
  return {
    wanted: {
      event: 'sale_subscription',
      clickIds: ['click'],
      occurred: { from: 1_000, to: 1_000 },
      asked: { askedAt: 1_000, answeredAt: 2_000, status: 202, attempts: [] },
      adjustments: [],
      besides: [],
    },
    atImpact,
    verdict,
  };
}

const CONFIRMED = judged({ outcome: 'confirmed', problems: [] });
const DOUBLED = judged({
  outcome: 'confirmed',
  problems: [
    { kind: 'doubled', what: 'a second Action' },
    { kind: 'doubled', what: 'a third Action' },
    { kind: 'wrong', what: 'click' },
  ],
});

it('counts each conversion once for each kind of problem', () => {
  expect(summarize([CONFIRMED, DOUBLED], 7)).toEqual({
    accepted: 2,
    lost: 0,
    doubled: 1,
    wrong: 1,
    confirmed: 2,
    uncredited: 0,
    declined: 0,
    parked: 0,
    skipped: 0,
    reversed: 0,
    unanswered: 0,
    seed: 7,
  });
});

it('counts a fault for a conversion in the phase in which it met it', () => {
  const table = faultTable(
    [CONFIRMED, DOUBLED],
    [
      { kind: 'kill', target: 'mongod', from: 1_500, to: 1_600 },
      { kind: 'cut', target: 'worker→impact', from: 2_500, to: 2_600 },
      { kind: 'stop', target: 'temporal', from: 5_000, to: 6_000 },
    ],
  );
  expect(table.split('\n').map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['fault', 'times', 'accept', 'report', 'confirm', 'change', 'lost', 'doubled', 'wrong'],
    ['cut worker→impact', '1', '0', '2', '0', '0', '0', '1', '1'],
    ['kill mongod', '1', '2', '0', '0', '0', '0', '1', '1'],
    ['stop temporal', '1', '0', '0', '0', '0', '0', '0', '0'],
    ['all', '3', '0', '1', '1'],
  ]);
});
