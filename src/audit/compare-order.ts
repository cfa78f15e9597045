import type { ConversionStatus } from '../domain/conversion.js';
import type { Finding } from '../domain/findings.js';
import { moneyOf } from '../domain/money.js';
import { expectedAmount, isChanging, liveActions, REPORTED } from './amounts.js';
import { createFinding } from './create-finding.js';
import { isInProgress, isProcessing } from './processing-time.js';
import type { CompareContext, Comparison, ImpactSide, LedgerSide, Order } from './types.js';

type KnownOrder = Order & { ledger: LedgerSide };

/** An order, the audit's times, and the live Actions of the order. */
interface Compared {
  order: KnownOrder;
  context: CompareContext;
  live: ImpactSide[];
}

const UNSENT: readonly ConversionStatus[] = ['pending', 'reporting'];

/**
 * Compares what the ledger and Impact have for one order. Impact was listed before the ledger was read: where the
 * ledger has changed since the audit began, a difference may only be due to the time between, and is left to the next
 * audit.
 */
export function compareOrder(order: Order, context: CompareContext): Comparison {
  const { ledger } = order;
  const live = liveActions(order, context);
  if (!ledger) return compareUnknown(order, context, live);
  const comparison = compareKnown({ order: { ...order, ledger }, context, live });
  if (!ledger.updatedAt || ledger.updatedAt < context.begunAt) return comparison;
  const lasting = comparison.findings.filter(({ kind }) => kind === 'twice');
  const settled = lasting.length === comparison.findings.length;
  return settled ? comparison : { counted: 'inProgress', findings: lasting };
}

/** An Action that was reversed before we learned of it pays no partner. */
function compareUnknown(order: Order, context: CompareContext, live: ImpactSide[]): Comparison {
  if (live.length === 0) return { findings: [] };
  const actions = live.length === 1 ? '' : `, and Impact has ${live.length} Actions for it`;
  const detail = `The ledger has no such order${actions}.`;
  return { findings: [createFinding(order, 'unknown_to_us', detail, context, live)] };
}

function compareKnown(compared: Compared): Comparison {
  const { order, context, live } = compared;
  const { status, reason, reversal } = order.ledger;
  const doubled = `${live.length} Actions for one order: Impact pays each of them.`;
  const twice = live.length > 1 ? [createFinding(order, 'twice', doubled, context, live)] : [];
  if (status === 'reversed' || reversal) return compareReversed(compared, twice);
  if (REPORTED.includes(status)) return compareReported(compared, twice);
  if (UNSENT.includes(status)) return { counted: 'inProgress', findings: twice };
  if (live.length === 0) return { counted: 'notReported', findings: [] };
  const detail = `The ledger has it as ${status}${reason ? ` (${reason})` : ''}.`;
  return { findings: [createFinding(order, 'unknown_to_us', detail, context, live)] };
}

function compareReversed({ order, context, live }: Compared, twice: Finding[]): Comparison {
  const { status, reversal } = order.ledger;
  if (status !== 'reversed' && reversal && isInProgress(reversal, context.now))
    return { counted: 'inProgress', findings: twice };
  if (live.length === 0)
    return { counted: order.actions.length > 0 ? 'reversed' : 'notReported', findings: [] };
  const locked = live.some(isApproved) ? ' It is locked.' : '';
  const detail = `Reversed here, but Impact has a live Action: the partner is paid.${locked}`;
  return { findings: [createFinding(order, 'not_reversed', detail, context, live)] };
}

function compareReported(compared: Compared, twice: Finding[]): Comparison {
  const [action] = compared.live;
  if (twice.length > 0) return { findings: twice };
  if (!action) return compareUnlisted(compared);
  const reattributed = reattribution(compared, action);
  const amounts = compareAmounts(compared, action);
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

function compareUnlisted({ order, context }: Compared): Comparison {
  const { status, sentAt } = order.ledger;
  if (order.actions.length > 0) {
    const detail = 'Reversed at Impact: no partner is paid.';
    return { findings: [createFinding(order, 'state_changed', detail, context, order.actions)] };
  }
  // Impact has processed a confirmed conversion, however recently it was sent, and lists only conversions that it attributed.
  if (status === 'confirmed') {
    const detail = 'Impact accepted it and lists no Action: it attributed it to no partner.';
    return { findings: [createFinding(order, 'not_credited', detail, context, [])] };
  }
  if (isProcessing(sentAt, context.now)) return { counted: 'inProgress', findings: [] };
  const detail = 'Impact lists no Action: it refused it later, or attributed it to no partner.';
  return { findings: [createFinding(order, 'missing_at_impact', detail, context, [])] };
}

/**
 * Documented: when Impact attributes an order again, it reverses the Action ("System Reattributed Order") and creates
 * a pending one with the same order id, and pays only that one.
 * https://help.impact.com/en/support/solutions/articles/155000002469-system-reattributed-actions-explained
 * Inferred: one live Action beside reversed ones is that case, as the Action object of the API (v14) has no field for
 * the reason of a reversal. Impact pays one Action either way, so it is no double.
 */
function reattribution({ order, context }: Compared, live: ImpactSide): Finding[] {
  if (order.actions.length === 1) return [];
  const detail = `Reversed and created again as ${live.actionId}: Impact pays only the new one.`;
  return [createFinding(order, 'reattributed', detail, context, order.actions)];
}

/**
 * Impact keeps amounts in the account's currency: https://integrations.impact.com/impact-brand/reference/action-object
 * @returns `changing` if the amounts differ, and another amount is on its way to Impact
 */
function compareAmounts(
  { order, context }: Compared,
  action: ImpactSide,
): 'agreed' | 'notCompared' | 'changing' | Finding {
  const { currency } = order.ledger;
  const here = expectedAmount(order.ledger, context.now);
  if (here === undefined) return 'agreed';
  if (action.amount === undefined || action.currency !== currency) return 'notCompared';
  if (moneyOf(Number(here), currency)?.minorUnits === moneyOf(action.amount, currency)?.minorUnits)
    return 'agreed';
  if (isChanging(order.ledger, context.now)) return 'changing';
  const locked = isApproved(action) ? ' It is locked and cannot be changed.' : '';
  const detail = `${here} ${currency} here, ${action.amount.toFixed(2)} ${currency} at Impact.${locked}`;
  return createFinding(order, 'amount_differs', detail, context, [action]);
}

/** Impact has locked it, and pays it out. */
function isApproved({ state }: ImpactSide): boolean {
  return state === 'APPROVED';
}
