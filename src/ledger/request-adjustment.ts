import { type Adjustment, amountsOf, newestTime, payloadWith, reversalOf } from '../domain/adjustment.js';
import { lastChanges } from '../domain/changed-items.js';
import { amountWarnings, checkAmount } from '../domain/check-amount.js';
import { type Conversion, DECIDED_AGAINST, isPlaceholder, isSent } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { cut } from '../domain/foreign-text.js';
import { plural } from '../domain/plural.js';
import type { ChangedItem } from '../domain/programme/items.js';
import type { Programme } from '../domain/programme/programme.js';
import { MAX_NOTE } from '../domain/workflow-names.js';
import { countAdjustment } from './count-amounts.js';
import { expectedFor, newAdjustmentId } from './expected-adjustments.js';
import { lookUpConversion } from './find-conversion.js';
import { insertPlaceholder, placeholderOf } from './placeholder.js';
import { findRepeated } from './repeated-adjustment.js';
import { type Ledger, remark, transition } from './transition.js';
import { untilWritten } from './until-written.js';

export type AdjustmentRequest = { reason: string; by: string } & (
  | { kind: 'reversal' }
  | {
      kind: 'amount';
      totalAmountCents: number;
      /** By default now. */
      effectiveAt?: Date | undefined;
      items?: readonly ChangedItem[] | undefined;
    }
);

export interface Requested {
  conversion: Conversion;
  /** Not there where the sale has the amount from the beginning. */
  adjustment?: Adjustment | undefined;
}

type Deps = Ledger & { programme: Programme };

const LATE = 'A newer amount came before it.';

/**
 * Records that a conversion is taken back, or has another amount. The same write decides whether anything of it has to
 * reach Impact: `reportConversion` sends only what it has claimed in the ledger, and claims nothing that is reversed here.
 * Where the ledger does not have the conversion yet, the adjustment is kept until it comes.
 * @throws DomainError `conversion_not_found` where there can be no such conversion, `conversion_reversed`, `no_amount`,
 *   `invalid_request` about the items, `amount_too_high`, `concurrent_update`
 */
export async function requestAdjustment(
  deps: Deps,
  id: string,
  request: AdjustmentRequest,
): Promise<Requested> {
  return untilWritten(id, async () => {
    const found = await lookUpConversion(deps.db, id);
    const conversion = found ?? placeholderOf(deps.programme, id);
    const repeated = findRepeated(conversion, request);
    if (repeated) return repeated;
    const adjustment = toAdjustment(conversion, request);
    check(deps, conversion, request, adjustment);
    const written = await write(deps, conversion, adjustment, found !== null);
    return written && { conversion: written, adjustment };
  });
}

function check(
  { programme }: Deps,
  conversion: Conversion,
  request: AdjustmentRequest,
  { status }: Adjustment,
): void {
  const reversal = reversalOf(conversion);
  if (reversal) {
    throw new DomainError(
      'conversion_reversed',
      `Conversion "${conversion._id}" was reversed at ${reversal.requestedAt.toISOString()} (${reversal.reason}); ` +
        `the reversal is ${reversal.status}. It can be reversed once, for one reason, and not be changed afterwards.`,
    );
  }
  if (request.kind === 'reversal') return;
  const isLate = status === 'abandoned';
  checkAmount(programme.get(conversion.campaignEventId), conversion, request, isLate);
}

function toAdjustment(conversion: Conversion, request: AdjustmentRequest): Adjustment {
  const { by, ...wanted } = request;
  const requestedAt = new Date();
  const asked = { requestedAt, requestedBy: cut(by, MAX_NOTE.by) };
  const id = newAdjustmentId(conversion, request);
  const isDone = !isSent(conversion);
  if (wanted.kind === 'reversal') {
    // No workflow waits for it.
    const status = isDone && DECIDED_AGAINST.includes(conversion.status) ? 'confirmed' : 'pending';
    return { id, ...wanted, status, ...asked };
  }
  const { items: own = [], effectiveAt, ...amount } = wanted;
  const newest = newestTime(conversion);
  // A request of this moment is the newest one, whatever the clocks of other machines have said.
  const since = effectiveAt ?? new Date(Math.max(requestedAt.getTime(), newest));
  const isLate = since.getTime() < newest;
  const items = isLate ? own : [...own, ...takenOver(conversion, own)];
  return {
    id,
    ...amount,
    effectiveAt: since,
    ...(items.length > 0 ? { items } : {}),
    // An amount that goes out with the report needs nothing more.
    ...(isLate ? { status: 'abandoned', detail: LATE } : { status: isDone ? 'confirmed' : 'pending' }),
    ...asked,
  };
}

/**
 * The items of amounts that wait to be sent, which this one replaces. Not of a parked amount, as Impact may have refused
 * that because of its items.
 */
function takenOver(conversion: Conversion, own: readonly ChangedItem[]): ChangedItem[] {
  const waiting = amountsOf(conversion, 'wanted').filter(
    ({ status }) => status === 'pending' || status === 'reporting',
  );
  const changes = lastChanges(waiting.flatMap(({ items = [] }) => items));
  return changes.filter(({ sku }) => !own.some((item) => item.sku === sku));
}

/** @returns null where the conversion has just moved */
async function write(deps: Ledger, conversion: Conversion, adjustment: Adjustment, isThere: boolean) {
  const { status } = conversion;
  const detail = describe(conversion, adjustment);
  const added = { push: { adjustments: adjustment } };
  const isReversed = adjustment.kind === 'reversal' && !isSent(conversion) && !isPlaceholder(conversion);
  const expected = expectedFor(conversion, adjustment);
  const written = !isThere
    ? await insertPlaceholder(deps, conversion, adjustment, detail)
    : isReversed
      ? await transition(deps, expected, { status: 'reversed', detail }, added)
      : await remark(deps, expected, { status, detail }, added);
  if (!written || adjustment.status === 'abandoned') return written;
  // Amounts may have come between the read and the write of a reversal.
  const before = { ...written, adjustments: written.adjustments?.slice(0, -1) ?? [] };
  countAdjustment(deps, before, payloadWith(before, 'wanted'), adjustment.totalAmountCents);
  return written;
}

function describe(conversion: Conversion, adjustment: Adjustment): string {
  const { kind, reason, totalAmountCents, items, effectiveAt, requestedAt, requestedBy, detail } = adjustment;
  const what = kind === 'reversal' ? 'Reversal' : `New amount ${totalAmountCents} (minor unit)`;
  const changed = items ? `, with what is left of ${plural(items.length, 'item')}` : '';
  const isOld = effectiveAt && effectiveAt.getTime() !== requestedAt.getTime();
  const since = isOld ? `, effective ${effectiveAt.toISOString()}` : '';
  const unsent = isPlaceholder(conversion) ? 'Its order has not come yet.' : 'It was not sent before.';
  return [
    `${what} (${reason})${changed}${since}, requested by ${requestedBy}.`,
    detail,
    isSent(conversion) ? undefined : unsent,
    ...amountWarnings(conversion, adjustment).map((warning) => warning.detail),
  ]
    .filter(Boolean)
    .join(' ');
}
