import type { ActionAtImpact, AtImpact, TakenConversion } from './at-impact.js';
import { isAccepted } from './client.js';
import type { Wanted, WantedAdjustment } from './wanted.js';

/**
 * Compares what a client was answered with what Impact took. The ledger counts only as an explanation: of a refusal, or of
 * why Impact has nothing.
 *
 * lost: answered 2xx, and Impact has neither one Action nor a refusal that the ledger shows, and the ledger names no
 * reason. The same for a refund and for a new amount.
 * doubled: Impact made a second Action of an order, or a change took effect twice.
 * wrong: Impact has another click, amount, currency or time than the client sent, or the API refused a valid request.
 */
export interface Verdict {
  outcome: Outcome;
  problems: Problem[];
}

export type Outcome =
  | 'confirmed'
  /** Impact has accepted it, and credits it to no partner. */
  | 'uncredited'
  | 'declined'
  | 'parked'
  | 'skipped'
  | 'reversed'
  | 'unanswered'
  | 'lost';
export type Problem = { kind: 'lost' | 'doubled' | 'wrong'; what: string };

/** The part of a conversion's document that can explain something. */
export interface Explanation {
  status: string;
  reason?: string | undefined;
  adjustments?: { kind: string; status: string; parkReason?: string | undefined }[] | undefined;
}

const TRACKERS: Record<Wanted['event'], string> = { signup: '68897', sale_subscription: '99999' };

const NOTHING: AtImpact = { conversions: [], rejections: [], changesAt: [], actions: [] };

export function check(wanted: Wanted, atImpact: AtImpact = NOTHING, ledger?: Explanation): Verdict {
  const problems = [
    ...refusedRequests(wanted),
    ...atImpact.conversions.flatMap((taken) => wrongFields(wanted, taken)),
    ...atImpact.actions.slice(1).map(({ id }) => doubled(`a second Action, ${id}`)),
    ...atImpact.actions.flatMap((action) => wrongChanges(wanted, action)),
  ];
  if (!isAccepted(wanted.asked)) return { outcome: 'unanswered', problems };
  const outcome = outcomeOf(wanted, atImpact, ledger);
  if (outcome === 'lost')
    problems.push(lost(`answered 2xx, nothing at Impact, and the ledger says ${saying(ledger)}`));
  const live = atImpact.actions.find(({ states }) => !states.at(-1)?.isReversed);
  if (live) problems.push(...lostChanges(wanted, live, ledger));
  return { outcome, problems };
}

function refusedRequests({ asked, adjustments, besides }: Wanted): Problem[] {
  return [asked, ...besides, ...adjustments.map((adjustment) => adjustment.asked)]
    .filter((each) => each.status !== undefined && !isAccepted(each))
    .map(({ status, body }) => wrong(`the API refused a valid request: ${status} ${body?.code}`));
}

function wrongFields(wanted: Wanted, taken: TakenConversion): Problem[] {
  const { event, clickIds, currency, occurred } = wanted;
  const amounts = [wanted, ...wanted.adjustments].map(({ amount }) => amount);
  const differing = [
    taken.actionTrackerId !== TRACKERS[event] && `event type ${taken.actionTrackerId}`,
    !clickIds.includes(taken.clickId ?? null) &&
      `click ${taken.clickId} instead of ${clickIds.map((clickId) => clickId ?? 'none').join(' or ')}`,
    !amounts.includes(taken.amount) && `amount ${taken.amount} instead of ${wanted.amount}`,
    taken.currency !== currency && `currency ${taken.currency} instead of ${currency}`,
    !(taken.eventDate >= occurred.from && taken.eventDate <= occurred.to) &&
      `event time ${new Date(taken.eventDate).toISOString()}`,
  ];
  return differing.filter((each) => each !== false).map((what) => wrong(`sent with ${what}`));
}

/** Each change that had an effect must be one that the client asked for, in the client's order, and once. */
function wrongChanges({ adjustments }: Wanted, { states }: ActionAtImpact): Problem[] {
  const problems: Problem[] = [];
  // An amount that changed before the report went out with it.
  let next =
    1 + adjustments.findLastIndex(({ kind, amount }) => kind === 'amount' && amount === states[0]?.amount);
  for (const [index, { isReversed, amount }] of states.entries()) {
    const before = states[index - 1];
    if (!before || (before.isReversed === isReversed && before.amount === amount)) continue;
    const isThis = (adjustment: WantedAdjustment) =>
      isReversed
        ? adjustment.kind === 'reversal'
        : adjustment.kind === 'amount' && adjustment.amount === amount;
    const found = adjustments.findIndex((adjustment, position) => position >= next && isThis(adjustment));
    const what = isReversed ? 'reversal' : `amount ${amount}`;
    if (found >= 0) next = found + 1;
    else
      problems.push(
        adjustments.some(isThis)
          ? doubled(`${what} took effect again`)
          : wrong(`${what}, which the client did not request`),
      );
  }
  return problems;
}

function outcomeOf({ clickIds, adjustments }: Wanted, atImpact: AtImpact, ledger?: Explanation): Outcome {
  const [action] = atImpact.actions;
  if (action) return action.states.at(-1)?.isReversed ? 'reversed' : 'confirmed';
  if (atImpact.isUncredited) return 'uncredited';
  const { status = '', reason } = ledger ?? {};
  if (status === 'reversed') return adjustments.some(({ kind }) => kind === 'reversal') ? 'reversed' : 'lost';
  if (reason === undefined) return 'lost';
  if (status === 'skipped') return clickIds.includes(null) ? 'skipped' : 'lost';
  if (status === 'declined') return atImpact.rejections.length > 0 ? 'declined' : 'lost';
  return status === 'parked' ? 'parked' : 'lost';
}

/** A refund or a new amount that was answered 2xx, and that neither Impact has nor the ledger explains. */
function lostChanges(wanted: Wanted, { states }: ActionAtImpact, ledger?: Explanation): Problem[] {
  const parked = (ledger?.adjustments ?? []).filter(
    ({ status, parkReason }) => status === 'parked' && parkReason,
  );
  const isParked = (kind: string) => parked.some((adjustment) => adjustment.kind === kind);
  const accepted = wanted.adjustments.filter(({ asked }) => isAccepted(asked));
  if (accepted.some(({ kind }) => kind === 'reversal'))
    return isParked('reversal') ? [] : [lost('the refund was answered 2xx, and the Action is not reversed')];
  const last = wanted.adjustments.findLastIndex(({ kind, asked }) => kind === 'amount' && isAccepted(asked));
  // After the last amount that was answered, there may be one that took effect without an answer.
  const possible = wanted.adjustments.slice(Math.max(0, last)).map(({ amount }) => amount);
  if (last < 0) possible.push(wanted.amount);
  const amount = states.at(-1)?.amount;
  if (possible.includes(amount) || wanted.amount === undefined || isParked('amount')) return [];
  return [lost(`the amount ${possible[0]} was answered 2xx, and the Action has ${amount}`)];
}

function saying(ledger?: Explanation): string {
  return ledger ? [ledger.status, ledger.reason].filter(Boolean).join(', ') : 'nothing of it';
}

const lost = (what: string): Problem => ({ kind: 'lost', what });
const doubled = (what: string): Problem => ({ kind: 'doubled', what });
const wrong = (what: string): Problem => ({ kind: 'wrong', what });
