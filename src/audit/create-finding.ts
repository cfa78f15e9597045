import { type Finding, type FindingKind, findingId } from '../domain/findings.js';
import { firstItems } from '../domain/foreign-text.js';
import { amountsOf } from './amounts.js';
import type { CompareContext, ImpactSide, Order } from './types.js';

/** @param concerned the Actions that it is about */
export function createFinding(
  order: Order,
  kind: FindingKind,
  detail: string,
  context: CompareContext,
  concerned: readonly ImpactSide[],
): Finding {
  const { actionTrackerId, orderId, ledger } = order;
  return {
    _id: findingId(kind, actionTrackerId, orderId),
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
    happenedAt: ledger?.occurredAt ?? concerned[0]?.eventDate ?? lastMoment(context),
    amounts: amountsOf(kind, order, context),
  };
}

/** Of an Action without a date: in the window of this audit, and in that of the next daily one. */
function lastMoment({ to }: CompareContext): Date {
  return new Date(to.getTime() - 1);
}
