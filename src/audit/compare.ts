import type { Finding } from '../domain/audit.js';
import type { ConversionStatus } from '../domain/conversion.js';
import { compareAmounts } from './compare-amounts.js';
import {
  type CompareContext,
  type Comparison,
  finding,
  type ImpactSide,
  isLive,
  type OrderOnBothSides,
} from './sides.js';
import { isUnderWay, isYoung } from './under-way.js';

const REPORTED: readonly ConversionStatus[] = ['submitted', 'confirmed'];
const UNDER_WAY: readonly ConversionStatus[] = ['pending', 'reporting'];

/**
 * What the two sides say of one order. Impact's was listed before the ledger was read: where the ledger has changed
 * since the audit began, a difference may be no more than the time between, and is left to the next audit.
 */
export function compareOrder(order: OrderOnBothSides, context: CompareContext): Comparison {
  const comparison = compareSettled(order, context);
  const { updatedAt } = order.ledger ?? {};
  if (!updatedAt || updatedAt < context.begunAt) return comparison;
  const lasting = comparison.findings.filter(({ kind }) => kind === 'twice');
  const settled = lasting.length === comparison.findings.length;
  return settled ? comparison : { counted: 'inProgress', findings: lasting };
}

function compareSettled(order: OrderOnBothSides, context: CompareContext): Comparison {
  const { ledger, actions } = order;
  if (!ledger) return unknownToUs(order, context);
  if (!ledger.inWindow) return { findings: [] };
  const live = actions.filter(isLive);
  const twice = live.length > 1 ? [finding(order, 'twice', liveDetail(live), live)] : [];
  if (ledger.status === 'reversed' || ledger.reversal)
    return compareReversed(order, live, context.now, twice);
  if (REPORTED.includes(ledger.status)) return compareReported(order, live, context.now, twice);
  if (UNDER_WAY.includes(ledger.status)) return { counted: 'inProgress', findings: twice };
  if (live.length === 0) return { counted: 'notReported', findings: [] };
  const reason = ledger.reason ? ` (${ledger.reason})` : '';
  const detail = `The ledger has it as ${ledger.status}${reason}.`;
  return { findings: [finding(order, 'unknown_to_us', detail, live)] };
}

/** What was reversed before it was known pays nobody. */
function unknownToUs(order: OrderOnBothSides, { from, to }: CompareContext): Comparison {
  const inWindow = ({ eventDate }: ImpactSide) => !eventDate || (eventDate >= from && eventDate < to);
  const live = order.actions.filter((action) => isLive(action) && inWindow(action));
  if (live.length === 0) return { findings: [] };
  const detail =
    live.length === 1 ? 'The ledger has no such order.' : 'Twice, and the ledger has it not at all.';
  return { findings: [finding(order, 'unknown_to_us', detail, live)] };
}

function compareReported(
  order: OrderOnBothSides,
  live: ImpactSide[],
  now: Date,
  twice: Finding[],
): Comparison {
  const [first, second] = live;
  if (second) return { findings: twice };
  if (!first) return order.actions.length > 0 ? reversed(order) : missing(order, now);
  const reattributed = reattribution(order, first);
  const { different, notCompared, changing } = compareAmounts(order, first, now);
  if (changing) return { counted: 'inProgress', findings: reattributed };
  const flags = {
    ...(first.state === 'APPROVED' ? { locked: true as const } : {}),
    ...(notCompared ? { amountNotCompared: true as const } : {}),
  };
  const findings = [...reattributed, ...different];
  return findings.length > 0 ? { findings } : { counted: 'confirmed', ...flags, findings };
}

function compareReversed(
  order: OrderOnBothSides,
  live: ImpactSide[],
  now: Date,
  twice: Finding[],
): Comparison {
  const { status, reversal } = order.ledger ?? {};
  if (status !== 'reversed' && reversal && isUnderWay(reversal, now))
    return { counted: 'inProgress', findings: twice };
  if (live.length === 0)
    return { counted: order.actions.length > 0 ? 'reversed' : 'notReported', findings: [] };
  const locked = live.some(({ state }) => state === 'APPROVED') ? ' It is locked.' : '';
  const detail = `Reversed here, and Impact still has it: the partner is paid.${locked}`;
  return { findings: [finding(order, 'not_reversed', detail, live)] };
}

function missing(order: OrderOnBothSides, now: Date): Comparison {
  const { status, sentAt } = order.ledger ?? {};
  // Once confirmed it has been processed, however young it is.
  if (status === 'submitted' && isYoung(sentAt, now)) return { counted: 'inProgress', findings: [] };
  const detail =
    status === 'confirmed'
      ? 'Impact accepted it and lists no Action: it may have attributed it to nobody.'
      : 'Impact lists no Action: it refused it later, or attributed it to nobody.';
  return { findings: [finding(order, 'missing_at_impact', detail)] };
}

function reversed(order: OrderOnBothSides): Comparison {
  return { findings: [finding(order, 'state_changed', 'Reversed at Impact: it pays nobody.')] };
}

/**
 * Documented: when Impact attributes an order anew, it reverses the Action ("System Reattributed Order") and
 * creates a pending one with the same order id, which alone is payable.
 * https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
 * Inferred: that one live Action beside reversed ones is that case, as the Action object of the API (v14) has no
 * field for the reason of a reversal. Either way one is paid out, so it is no double.
 */
function reattribution(order: OrderOnBothSides, live: ImpactSide): Finding[] {
  if (order.actions.length === 1) return [];
  const detail = `Reversed, and created anew as ${live.actionId}, which alone is payable.`;
  return [finding(order, 'reattributed', detail)];
}

function liveDetail(live: ImpactSide[]): string {
  return `${live.length} Actions for one order: each is paid out.`;
}
