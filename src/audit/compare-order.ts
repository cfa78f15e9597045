import type { Finding } from '../domain/audit.js';
import type { ConversionStatus } from '../domain/conversion.js';
import { compareAmounts } from './compare-amounts.js';
import { finding } from './finding.js';
import { isInProgress, isProcessing } from './processing-time.js';
import type { CompareContext, Comparison, ImpactSide, Order } from './types.js';

const REPORTED: readonly ConversionStatus[] = ['submitted', 'confirmed'];
const UNSENT: readonly ConversionStatus[] = ['pending', 'reporting'];

/**
 * Compares what the ledger and Impact have for one order. Impact was listed before the ledger was read: where the
 * ledger has changed since the audit began, a difference may only be due to the time between, and is left to the next
 * audit.
 */
export function compareOrder(order: Order, context: CompareContext): Comparison {
  const comparison = compareUnchanged(order, context);
  const { updatedAt } = order.ledger ?? {};
  if (!updatedAt || updatedAt < context.begunAt) return comparison;
  const lasting = comparison.findings.filter(({ kind }) => kind === 'twice');
  const settled = lasting.length === comparison.findings.length;
  return settled ? comparison : { counted: 'inProgress', findings: lasting };
}

function compareUnchanged(order: Order, context: CompareContext): Comparison {
  const { ledger, actions } = order;
  if (!ledger) return compareUnknown(order, context);
  const live = actions.filter(isLive);
  const twice = live.length > 1 ? [finding(order, 'twice', liveDetail(live), live)] : [];
  if (ledger.status === 'reversed' || ledger.reversal)
    return compareReversed(order, live, context.now, twice);
  if (REPORTED.includes(ledger.status)) return compareReported(order, live, context.now, twice);
  if (UNSENT.includes(ledger.status)) return { counted: 'inProgress', findings: twice };
  if (live.length === 0) return { counted: 'notReported', findings: [] };
  const reason = ledger.reason ? ` (${ledger.reason})` : '';
  const detail = `The ledger has it as ${ledger.status}${reason}.`;
  return { findings: [finding(order, 'unknown_to_us', detail, live)] };
}

/** An Action that was reversed before we learned of it pays no partner. */
function compareUnknown(order: Order, { from, to }: CompareContext): Comparison {
  const inWindow = ({ eventDate }: ImpactSide) => !eventDate || (eventDate >= from && eventDate < to);
  const live = order.actions.filter((action) => isLive(action) && inWindow(action));
  if (live.length === 0) return { findings: [] };
  const detail =
    live.length === 1
      ? 'The ledger has no such order.'
      : `The ledger has no such order, and Impact has ${live.length} Actions for it.`;
  return { findings: [finding(order, 'unknown_to_us', detail, live)] };
}

function compareReported(order: Order, live: ImpactSide[], now: Date, twice: Finding[]): Comparison {
  const [first, second] = live;
  if (second) return { findings: twice };
  if (!first) return order.actions.length > 0 ? reversedAtImpact(order) : missingAtImpact(order, now);
  const reattributed = reattribution(order, first);
  const amounts = compareAmounts(order, first, now);
  if (amounts === 'changing') return { counted: 'inProgress', findings: reattributed };
  const findings = typeof amounts === 'object' ? [...reattributed, amounts] : reattributed;
  if (findings.length > 0) return { findings };
  return {
    counted: 'confirmed',
    ...(first.state === 'APPROVED' ? { locked: true } : {}),
    ...(amounts === 'notCompared' ? { amountNotCompared: true } : {}),
    findings,
  };
}

function compareReversed(order: Order, live: ImpactSide[], now: Date, twice: Finding[]): Comparison {
  const { status, reversal } = order.ledger ?? {};
  if (status !== 'reversed' && reversal && isInProgress(reversal, now))
    return { counted: 'inProgress', findings: twice };
  if (live.length === 0)
    return { counted: order.actions.length > 0 ? 'reversed' : 'notReported', findings: [] };
  const locked = live.some(({ state }) => state === 'APPROVED') ? ' It is locked.' : '';
  const detail = `Reversed here, but Impact has a live Action: the partner is paid.${locked}`;
  return { findings: [finding(order, 'not_reversed', detail, live)] };
}

function missingAtImpact(order: Order, now: Date): Comparison {
  const { status, sentAt } = order.ledger ?? {};
  // Impact has processed a confirmed conversion, however recently it was sent.
  if (status === 'submitted' && isProcessing(sentAt, now)) return { counted: 'inProgress', findings: [] };
  const detail =
    status === 'confirmed'
      ? 'Impact accepted it and lists no Action: it may have attributed it to no partner.'
      : 'Impact lists no Action: it refused it later, or attributed it to no partner.';
  return { findings: [finding(order, 'missing_at_impact', detail)] };
}

function reversedAtImpact(order: Order): Comparison {
  return { findings: [finding(order, 'state_changed', 'Reversed at Impact: no partner is paid.')] };
}

/**
 * Documented: when Impact attributes an order again, it reverses the Action ("System Reattributed Order") and creates
 * a pending one with the same order id, and pays only that one.
 * https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
 * Inferred: one live Action beside reversed ones is that case, as the Action object of the API (v14) has no field for
 * the reason of a reversal. Impact pays one Action either way, so it is no double.
 */
function reattribution(order: Order, live: ImpactSide): Finding[] {
  if (order.actions.length === 1) return [];
  const detail = `Reversed and created again as ${live.actionId}: Impact pays only the new one.`;
  return [finding(order, 'reattributed', detail)];
}

function isLive({ state }: ImpactSide): boolean {
  return state !== 'REVERSED';
}

function liveDetail(live: ImpactSide[]): string {
  return `${live.length} Actions for one order: Impact pays each of them.`;
}
