import type { Finding, FindingKind } from '../domain/audit.js';
import type { ImpactSide, Order } from './types.js';

/** @param concerned the Actions that it is about: all of the order's, unless given */
export function finding(
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
    actionIds: concerned.map(({ actionId }) => actionId),
    detail,
  };
}
