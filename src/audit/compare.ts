import type { Finding, FindingKind } from '../domain/audit.js';
import type { Change, ChangeStatus } from '../domain/change.js';
import type { ConversionStatus } from '../domain/conversion.js';

/** One order as the ledger has it, and as Impact has it. An order is an event type (tracker) and an order id. */
export interface OrderOnBothSides {
  actionTrackerId: number;
  orderId: string;
  ledger: LedgerSide | null;
  actions: ImpactSide[];
}

export interface LedgerSide {
  conversionId: string;
  status: ConversionStatus;
  reason?: string;
  /** Decimal, in major units; none where the event has no amount. */
  amount?: string;
  currency?: string;
  sentAt?: Date;
  /** Of a refund that nobody has given up. */
  reversal?: Pick<Change, 'status' | 'requestedAt'>;
  /** Another amount is on its way to Impact. */
  amountChanging?: true;
  /** It happened in the window that is audited; what did not belongs to another audit. */
  inWindow: boolean;
}

export interface ImpactSide {
  actionId: string;
  state: string;
  amount?: number;
  currency?: string;
  eventDate?: Date;
}

/** The window is that of the audit: `to` does not belong to it. */
export interface CompareContext {
  from: Date;
  to: Date;
  now: Date;
}

export interface Comparison {
  counted?: 'confirmed' | 'inProgress' | 'reversed' | 'notReported';
  locked?: true;
  amountNotCompared?: true;
  findings: Finding[];
}

/** An Action takes up to half an hour to appear. https://integrations.impact.com/integration-guides/end-to-end-tests */
const PROCESSING_MS = 3_600_000;

const STILL_TO_BE_SENT: readonly ChangeStatus[] = ['pending', 'reporting', 'parked'];

const REPORTED: readonly ConversionStatus[] = ['submitted', 'confirmed'];
const UNDER_WAY: readonly ConversionStatus[] = ['pending', 'reporting'];

/** What the two sides say of one order. */
export function compareOrder(order: OrderOnBothSides, context: CompareContext): Comparison {
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
  return { findings: [finding(order, 'unknown_to_us', `The ledger has it as ${ledger.status}${reason}.`)] };
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
  const { different, notCompared } = compareAmounts(order, first);
  const flags = {
    ...(first.state === 'APPROVED' ? { locked: true as const } : {}),
    ...(notCompared ? { amountNotCompared: true as const } : {}),
  };
  if (different.length > 0 && order.ledger?.amountChanging)
    return { counted: 'inProgress', findings: reattributed };
  const findings = [...reattributed, ...different];
  return findings.length > 0 ? { findings } : { counted: 'confirmed', ...flags, findings };
}

/** A reversal that cannot go on is parked, and found there: it is the audit's business once it is said to be done. */
function compareReversed(
  order: OrderOnBothSides,
  live: ImpactSide[],
  now: Date,
  twice: Finding[],
): Comparison {
  const { status, reversal } = order.ledger ?? {};
  const young = reversal && now.getTime() - reversal.requestedAt.getTime() < PROCESSING_MS;
  const underWay = reversal && status !== 'reversed' && (STILL_TO_BE_SENT.includes(reversal.status) || young);
  if (underWay) return { counted: 'inProgress', findings: twice };
  if (live.length === 0)
    return { counted: order.actions.length > 0 ? 'reversed' : 'notReported', findings: [] };
  const locked = live.some(({ state }) => state === 'APPROVED') ? ' It is locked.' : '';
  const detail = `Reversed here, and Impact still has it: the partner is paid.${locked}`;
  return { findings: [finding(order, 'not_reversed', detail, live)] };
}

function missing(order: OrderOnBothSides, now: Date): Comparison {
  const { status, sentAt } = order.ledger ?? {};
  const young = sentAt && now.getTime() - sentAt.getTime() < PROCESSING_MS;
  // Once confirmed it has been processed, however young it is.
  if (status === 'submitted' && young) return { counted: 'inProgress', findings: [] };
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

/** Impact keeps amounts in the account's currency: https://integrations.impact.com/impact-brand/reference/action-object */
function compareAmounts(
  order: OrderOnBothSides,
  { amount, currency, actionId, state }: ImpactSide,
): { different: Finding[]; notCompared: boolean } {
  const { ledger } = order;
  if (ledger?.amount === undefined) return { different: [], notCompared: false };
  if (amount === undefined || currency !== ledger.currency) return { different: [], notCompared: true };
  if (Math.round(Number(ledger.amount) * 100) === Math.round(amount * 100))
    return { different: [], notCompared: false };
  const locked = state === 'APPROVED' ? ' It is locked, and can no longer be changed.' : '';
  const detail = `${ledger.amount} ${currency} here, ${amount.toFixed(2)} ${currency} at Impact.${locked}`;
  return {
    different: [{ ...finding(order, 'amount_differs', detail), actionIds: [actionId] }],
    notCompared: false,
  };
}

function isLive({ state }: ImpactSide): boolean {
  return state !== 'REVERSED';
}

function liveDetail(live: ImpactSide[]): string {
  return `${live.length} Actions for one order: each is paid out.`;
}

function finding(
  { actionTrackerId, orderId, ledger, actions }: OrderOnBothSides,
  kind: FindingKind,
  detail: string,
  concerned: ImpactSide[] = actions,
): Finding {
  return {
    kind,
    orderId,
    actionTrackerId,
    ...(ledger ? { conversionId: ledger.conversionId, status: ledger.status } : {}),
    actionIds: concerned.map(({ actionId }) => actionId),
    detail,
  };
}
