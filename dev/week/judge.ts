import type { AtImpact } from '../trial/at-impact.js';
import { check, type Explanation, type Outcome } from '../trial/check.js';
import type { Wanted } from '../trial/wanted.js';
import { expectedOutcome, type Planned } from './plan.js';

export interface Found {
  outcomes: Partial<Record<Outcome, number>>;
  /** A healthy week has none. */
  problems: string[];
}

/** Each conversion has the outcome that the plan says, and Impact took it exactly once, or not at all. */
export function judge(
  wanted: ReadonlyMap<Planned, Wanted>,
  atImpact: ReadonlyMap<string, AtImpact>,
  ledger: ReadonlyMap<string, Explanation>,
): Found {
  const found: Found = { outcomes: {}, problems: [] };
  for (const [planned, each] of wanted) {
    const { orderId = '', conversionId = '' } = each;
    const taken = atImpact.get(orderId);
    const explanation = ledger.get(conversionId);
    const { outcome, problems } = check(each, taken, explanation);
    found.outcomes[outcome] = (found.outcomes[outcome] ?? 0) + 1;
    const say = (what: string) => found.problems.push(`${conversionId}: ${what}`);
    for (const { kind, what } of problems) say(`${kind}: ${what}`);
    const expected = expectedOutcome(planned);
    if (outcome !== expected) say(`${outcome} instead of ${expected}`);
    const times = taken?.conversions.length ?? 0;
    const due = planned.clickId === undefined ? 0 : 1;
    if (times !== due) say(`Impact took it ${times} times instead of ${due}`);
    for (const waiting of waitingForHuman(explanation)) say(waiting);
  }
  return found;
}

function waitingForHuman(
  { status, reason, adjustments = [] }: Explanation = { status: 'unknown' },
): string[] {
  const parked = adjustments.filter((adjustment) => adjustment.status === 'parked');
  return [
    ...(status === 'parked' ? [`waits for a human: ${reason}`] : []),
    ...parked.map(({ kind, parkReason }) => `its ${kind} waits for a human: ${parkReason}`),
  ];
}
