import type { JournalLine } from '../impact-sandbox/index.js';

/** What the sandbox took of one order, out of its journal: the checker believes nothing else. */
export interface AtImpact {
  /** Each POST that was taken. */
  conversions: TakenConversion[];
  /** Why it turned conversions down later. */
  rejections: string[];
  /** Reversals and new amounts that were taken. */
  changesAt: number[];
  actions: ActionAtImpact[];
  /** It has processed the conversion, and credits it to no partner: there is neither an Action nor an error. */
  isUncredited?: true;
}

export interface TakenConversion {
  at: number;
  actionTrackerId: string | undefined;
  clickId: string | undefined;
  amount: number | undefined;
  currency: string | undefined;
  eventDate: number;
}

/** An Action, as it was made and after each change. */
export interface ActionAtImpact {
  id: string;
  states: { at: number; isReversed: boolean; amount: number }[];
}

export function readOrders(journal: readonly JournalLine[]): Map<string, AtImpact> {
  const orders = new Map<string, AtImpact>();
  const takenBy = new Map<string, { orderId: string; type: string }>();
  for (const line of journal) {
    const at = Date.parse(line.at);
    if ('taken' in line) {
      const { batchId, type, orderId, fields } = line.taken;
      takenBy.set(batchId, { orderId, type });
      const order = orders.get(orderId) ?? { conversions: [], rejections: [], changesAt: [], actions: [] };
      orders.set(orderId, order);
      if (type === 'Conversion') order.conversions.push(readConversion(at, fields));
      else order.changesAt.push(at);
    } else if ('completed' in line) {
      const { batchId, errorReason, action } = line.completed;
      const taken = takenBy.get(batchId);
      const order = orders.get(taken?.orderId ?? '');
      if (!order) continue;
      if (errorReason && taken?.type === 'Conversion') order.rejections.push(errorReason);
      if (!errorReason && !action && taken?.type === 'Conversion') order.isUncredited = true;
      if (action)
        stateOf(order, action.id).push({
          at,
          isReversed: action.state === 'REVERSED',
          amount: action.amount,
        });
    }
  }
  return orders;
}

function readConversion(at: number, fields: Readonly<Record<string, string>>): TakenConversion {
  return {
    at,
    actionTrackerId: fields.ActionTrackerId,
    clickId: fields.ClickId,
    amount: fields.Amount === undefined ? undefined : Number(fields.Amount),
    currency: fields.CurrencyCode,
    eventDate: Date.parse(fields.EventDate ?? ''),
  };
}

function stateOf({ actions }: AtImpact, id: string): ActionAtImpact['states'] {
  const known = actions.find((action) => action.id === id);
  if (known) return known.states;
  const states: ActionAtImpact['states'] = [];
  actions.push({ id, states });
  return states;
}
