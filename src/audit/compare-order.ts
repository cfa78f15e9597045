import type { Finding, FindingKind } from '../domain/audit.js';
import type { ConversionStatus } from '../domain/conversion.js';
import { firstItems } from '../domain/foreign-text.js';
import { isInProgress, isProcessing } from './processing-time.js';
import type { CompareContext, Comparison, ImpactSide, LedgerSide, Order } from './types.js';

type KnownOrder = Order & { ledger: LedgerSide };

const REPORTED: readonly ConversionStatus[] = ['submitted', 'confirmed'];
const UNSENT: readonly ConversionStatus[] = ['pending', 'reporting'];

/**
 * Compares what the ledger and Impact have for one order. Impact was listed before the ledger was read: where the
 * ledger has changed since the audit began, a difference may only be due to the time between, and is left to the next
 * audit.
 */
export function compareOrder(order: Order, context: CompareContext): Comparison {
  const { ledger } = order;
  if (!ledger) return compareUnknown(order, context);
  const comparison = compareKnown({ ...order, ledger }, context.now);
  if (!ledger.updatedAt || ledger.updatedAt < context.begunAt) return comparison;
  const lasting = comparison.findings.filter(({ kind }) => kind === 'twice');
  const settled = lasting.length === comparison.findings.length;
  return settled ? comparison : { counted: 'inProgress', findings: lasting };
}

/** An Action that was reversed before we learned of it pays no partner. */
function compareUnknown(order: Order, { from, to }: CompareContext): Comparison {
  const inWindow = ({ eventDate }: ImpactSide) => !eventDate || (eventDate >= from && eventDate < to);
  const live = order.actions.filter((action) => isLive(action) && inWindow(action));
  if (live.length === 0) return { findings: [] };
  const actions = live.length === 1 ? '' : `, and Impact has ${live.length} Actions for it`;
  return { findings: [finding(order, 'unknown_to_us', `The ledger has no such order${actions}.`, live)] };
}

function compareKnown(order: KnownOrder, now: Date): Comparison {
  const { status, reason, reversal } = order.ledger;
  const live = order.actions.filter(isLive);
  const doubled = `${live.length} Actions for one order: Impact pays each of them.`;
  const twice = live.length > 1 ? [finding(order, 'twice', doubled, live)] : [];
  if (status === 'reversed' || reversal) return compareReversed(order, live, now, twice);
  if (REPORTED.includes(status)) return compareReported(order, live, now, twice);
  if (UNSENT.includes(status)) return { counted: 'inProgress', findings: twice };
  if (live.length === 0) return { counted: 'notReported', findings: [] };
  const detail = `The ledger has it as ${status}${reason ? ` (${reason})` : ''}.`;
  return { findings: [finding(order, 'unknown_to_us', detail, live)] };
}

function compareReversed(order: KnownOrder, live: ImpactSide[], now: Date, twice: Finding[]): Comparison {
  const { status, reversal } = order.ledger;
  if (status !== 'reversed' && reversal && isInProgress(reversal, now))
    return { counted: 'inProgress', findings: twice };
  if (live.length === 0)
    return { counted: order.actions.length > 0 ? 'reversed' : 'notReported', findings: [] };
  const locked = live.some(isApproved) ? ' It is locked.' : '';
  const detail = `Reversed here, but Impact has a live Action: the partner is paid.${locked}`;
  return { findings: [finding(order, 'not_reversed', detail, live)] };
}

function compareReported(order: KnownOrder, live: ImpactSide[], now: Date, twice: Finding[]): Comparison {
  const [action] = live;
  if (twice.length > 0) return { findings: twice };
  if (!action) return compareUnlisted(order, now);
  const reattributed = reattribution(order, action);
  const amounts = compareAmounts(order, action, now);
  if (amounts === 'changing') return { counted: 'inProgress', findings: reattributed };
  const findings = typeof amounts === 'object' ? [...reattributed, amounts] : reattributed;
  if (findings.length > 0) return { findings };
  return {
    counted: 'confirmed',
    ...(isApproved(action) ? { locked: true } : {}),
    ...(amounts === 'notCompared' ? { amountNotCompared: true } : {}),
    findings,
  };
}

function compareUnlisted(order: KnownOrder, now: Date): Comparison {
  const { status, sentAt } = order.ledger;
  if (order.actions.length > 0)
    return { findings: [finding(order, 'state_changed', 'Reversed at Impact: no partner is paid.')] };
  // Impact has processed a confirmed conversion, however recently it was sent.
  if (status === 'submitted' && isProcessing(sentAt, now)) return { counted: 'inProgress', findings: [] };
  const detail =
    status === 'confirmed'
      ? 'Impact accepted it and lists no Action: it may have attributed it to no partner.'
      : 'Impact lists no Action: it refused it later, or attributed it to no partner.';
  return { findings: [finding(order, 'missing_at_impact', detail)] };
}

/**
 * Documented: when Impact attributes an order again, it reverses the Action ("System Reattributed Order") and creates
 * a pending one with the same order id, and pays only that one.
 * https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
 * Inferred: one live Action beside reversed ones is that case, as the Action object of the API (v14) has no field for
 * the reason of a reversal. Impact pays one Action either way, so it is no double.
 */
function reattribution(order: KnownOrder, live: ImpactSide): Finding[] {
  if (order.actions.length === 1) return [];
  const detail = `Reversed and created again as ${live.actionId}: Impact pays only the new one.`;
  return [finding(order, 'reattributed', detail)];
}

/**
 * Impact keeps amounts in the account's currency: https://integrations.impact.com/impact-brand/reference/action-object
 * @returns `changing` if the amounts differ, and another amount is on its way to Impact
 */
function compareAmounts(
  order: KnownOrder,
  action: ImpactSide,
  now: Date,
): 'agreed' | 'notCompared' | 'changing' | Finding {
  const { amount: recorded, currency, amountAdjustment } = order.ledger;
  if (recorded === undefined) return 'agreed';
  if (action.amount === undefined || action.currency !== currency) return 'notCompared';
  const changing = amountAdjustment !== undefined && isInProgress(amountAdjustment, now);
  const here = amountAdjustment && !changing ? amountAdjustment.amount : recorded;
  if (Math.round(Number(here) * 100) === Math.round(action.amount * 100)) return 'agreed';
  if (changing) return 'changing';
  const locked = isApproved(action) ? ' It is locked and cannot be changed.' : '';
  const detail = `${here} ${currency} here, ${action.amount.toFixed(2)} ${currency} at Impact.${locked}`;
  return finding(order, 'amount_differs', detail, [action]);
}

function isLive({ state }: ImpactSide): boolean {
  return state !== 'REVERSED';
}

/** Impact has locked it, and pays it out. */
function isApproved({ state }: ImpactSide): boolean {
  return state === 'APPROVED';
}

/** @param concerned the Actions that it is about: all of the order's, unless given */
function finding(
  { actionTrackerId, orderId, ledger, actions }: Order,
  kind: FindingKind,
  detail: string,
  concerned: ImpactSide[] = actions,
): Finding {
  return {
    kind,
    orderId,
    actionTrackerId,
    ...(ledger ? { conversionId: ledger.conversionId, status: ledger.status } : {}),
    actionIds: firstItems(
      concerned,
      ({ actionId }) => actionId,
      (left) => `and ${left} more`,
    ),
    detail,
  };
}
