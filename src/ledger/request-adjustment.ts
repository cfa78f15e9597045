import { type Adjustment, hasAmount, payloadWith, reversalOf } from '../domain/adjustment.js';
import { type Conversion, DECIDED_AGAINST } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import { cut } from '../domain/foreign-text.js';
import { checkMaxAmount } from '../domain/max-amount.js';
import type { Programme } from '../domain/programme/programme.js';
import { MAX_NOTE } from '../domain/workflow-names.js';
import { countAdjustment } from './count-amounts.js';
import { expectedFor, newAdjustmentId } from './expected-adjustments.js';
import { findConversion } from './find-conversion.js';
import { type Ledger, remark, transition } from './transition.js';
import { untilWritten } from './until-written.js';

export type AdjustmentRequest = { reason: string; by: string } & (
  | { kind: 'reversal' }
  | { kind: 'amount'; totalAmountCents: number }
);

type Deps = Ledger & { programme: Programme };

/**
 * Records that a conversion is taken back, or has another amount. The same write decides whether anything of it has to
 * reach Impact: `reportConversion` sends only what it has claimed in the ledger, and claims nothing that is reversed here.
 * @throws DomainError `conversion_not_found`, `conversion_reversed`, `no_amount`, `amount_too_high`, `concurrent_update`
 */
export async function requestAdjustment(
  deps: Deps,
  id: string,
  request: AdjustmentRequest,
): Promise<Conversion> {
  return untilWritten(id, async () => {
    const conversion = await findConversion(deps.db, id);
    if (isWantedAlready(conversion, request)) return conversion;
    check(deps, conversion, request);
    return write(deps, conversion, request);
  });
}

function check({ programme }: Deps, conversion: Conversion, request: AdjustmentRequest) {
  const reversal = reversalOf(conversion);
  if (reversal) {
    throw new DomainError(
      'conversion_reversed',
      `Conversion "${conversion._id}" was reversed at ${reversal.requestedAt.toISOString()} (${reversal.reason}); ` +
        `the reversal is ${reversal.status}. It can be reversed once, for one reason, and not be changed afterwards.`,
    );
  }
  if (request.kind === 'reversal') return;
  const event = programme.get(conversion.campaignEventId);
  if (!hasAmount(event)) {
    throw new DomainError(
      'no_amount',
      `A conversion of the event "${event.id}" has no amount. It can only be reversed.`,
    );
  }
  const wanted = payloadWith(conversion, 'wanted');
  const { totalAmountCents } = request;
  // A lower amount is right even if it is above a maximum that was lowered since.
  if (totalAmountCents > Number(wanted.totalAmountCents))
    checkMaxAmount(event, { ...wanted, totalAmountCents });
}

/** The same request again, as after an answer that was lost, is no second adjustment. */
function isWantedAlready(conversion: Conversion, request: AdjustmentRequest): boolean {
  const reversal = reversalOf(conversion);
  if (request.kind === 'reversal') return reversal?.reason === request.reason;
  return !reversal && payloadWith(conversion, 'wanted').totalAmountCents === request.totalAmountCents;
}

/** @returns null where the conversion has just moved */
async function write(ledger: Ledger, conversion: Conversion, request: AdjustmentRequest) {
  const { status, submission } = conversion;
  const { by: requester, ...wanted } = request;
  const by = cut(requester, MAX_NOTE.by);
  const sent = submission?.state === 'queued' || submission?.state === 'sending';
  const adjustment: Adjustment = {
    id: newAdjustmentId(conversion, request),
    ...wanted,
    // An amount that goes out with the report needs nothing more, nor does a reversal that no workflow waits for.
    status:
      !sent && (request.kind === 'amount' || DECIDED_AGAINST.includes(status)) ? 'confirmed' : 'pending',
    requestedAt: new Date(),
    requestedBy: by,
  };
  const expected = expectedFor(conversion, request);
  const detail = `${describe(request)} (${request.reason}), requested by ${by}.${sent ? '' : ' It was not sent before.'}`;
  const added = { push: { adjustments: adjustment } };
  const written =
    request.kind === 'reversal' && !sent
      ? await transition(ledger, expected, { status: 'reversed', detail }, added)
      : await remark(ledger, expected, { status, detail }, added);
  // Other amounts may have come between the read and this write.
  const before = written && { ...written, adjustments: written.adjustments?.slice(0, -1) ?? [] };
  if (before) countAdjustment(ledger, before, payloadWith(before, 'wanted'), adjustment.totalAmountCents);
  return written;
}

function describe(request: AdjustmentRequest): string {
  return request.kind === 'reversal' ? 'Reversal' : `New amount ${request.totalAmountCents} (minor unit)`;
}
