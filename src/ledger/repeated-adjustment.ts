import {
  type Adjustment,
  amountsOf,
  itemsOf,
  newestTime,
  payloadWith,
  reversalOf,
} from '../domain/adjustment.js';
import { areKnown } from '../domain/changed-items.js';
import type { Conversion } from '../domain/conversion.js';
import type { AdjustmentRequest, Requested } from './request-adjustment.js';

type AmountRequest = Extract<AdjustmentRequest, { kind: 'amount' }>;

/** The same request again, as after an answer that was lost, is no second adjustment. */
export function findRepeated(conversion: Conversion, request: AdjustmentRequest): Requested | undefined {
  const reversal = reversalOf(conversion);
  if (request.kind === 'reversal')
    return reversal?.reason === request.reason ? { conversion, adjustment: reversal } : undefined;
  if (!request.effectiveAt) return reversal ? undefined : findWanted(conversion, request);
  const adjustment = findAmount(conversion, request, request.effectiveAt.getTime());
  return adjustment && { conversion, adjustment };
}

/** The amount of this time. An amount that an operator has abandoned can be requested again. */
function findAmount(
  conversion: Conversion,
  { totalAmountCents, items = [] }: AmountRequest,
  time: number,
): Adjustment | undefined {
  const newest = newestTime(conversion);
  return conversion.adjustments?.find(
    (adjustment) =>
      adjustment.effectiveAt?.getTime() === time &&
      adjustment.totalAmountCents === totalAmountCents &&
      areKnown(items, adjustment.items ?? []) &&
      (adjustment.status !== 'abandoned' || time < newest),
  );
}

/** The amount that is wanted already: of an adjustment, or the sale's own. */
function findWanted(conversion: Conversion, { totalAmountCents, items = [] }: AmountRequest) {
  if (payloadWith(conversion, 'wanted').totalAmountCents !== totalAmountCents) return undefined;
  const amounts = amountsOf(conversion, 'wanted');
  const changes = amounts.flatMap((amount) => amount.items ?? []);
  const isKnown = areKnown(items, [...(itemsOf(conversion.payload) ?? []), ...changes]);
  return isKnown ? { conversion, adjustment: amounts.at(-1) } : undefined;
}
