import { type Adjustment, hasAmount, payloadWith, reversalOf } from '../domain/adjustment.js';
import type { CampaignEvents } from '../domain/campaign-events/registry.js';
import type { Conversion } from '../domain/conversion.js';
import { DomainError } from '../domain/errors.js';
import type { Database } from '../mongo.js';
import { findConversion } from './find-conversion.js';

export type AdjustmentRequest = { reason: string; by: string } & (
  | { kind: 'reversal' }
  | { kind: 'amount'; totalAmountCents: number }
);

interface RequestAdjustmentDeps {
  db: Database;
  campaignEvents: CampaignEvents;
}

/** Somebody else writing to the same conversion at the same moment is rare, and never goes on for long. */
const MAX_TRIES = 10;

/**
 * Records that a conversion is taken back, or has another amount. Whether anything of it has to reach Impact is
 * decided in the same write: `reportConversion` sends only what it has claimed in the ledger, and claims nothing that
 * is reversed here.
 * @throws DomainError `conversion_not_found`, `conversion_reversed`, `no_amount`
 */
export async function requestAdjustment(
  deps: RequestAdjustmentDeps,
  conversionId: string,
  request: AdjustmentRequest,
): Promise<Conversion> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const conversion = await findConversion(deps.db, conversionId);
    check(deps, conversion, request);
    if (isWantedAlready(conversion, request)) return conversion;
    const changed = await write(deps.db, conversion, request);
    if (changed) return changed;
  }
  throw new Error(`The conversion "${conversionId}" changed ${MAX_TRIES} times while it was to be changed.`);
}

function check(
  { campaignEvents }: RequestAdjustmentDeps,
  conversion: Conversion,
  request: AdjustmentRequest,
): void {
  const reversal = reversalOf(conversion);
  if (reversal) {
    throw new DomainError(
      'conversion_reversed',
      `Conversion "${conversion._id}" was reversed ${reversal.requestedAt.toISOString()} (${reversal.reason}); ` +
        `the reversal is ${reversal.status}. It can be reversed once, and not be changed afterwards.`,
    );
  }
  if (request.kind === 'reversal') return;
  const event = campaignEvents.get(conversion.campaignEventId);
  if (!hasAmount(event)) {
    throw new DomainError(
      'no_amount',
      `A conversion of the event "${event.id}" has no amount. It can only be reversed.`,
    );
  }
}

/** The same request again, as after an answer that was lost, is no second adjustment. */
function isWantedAlready(conversion: Conversion, request: AdjustmentRequest): boolean {
  if (request.kind === 'reversal') return false;
  return payloadWith(conversion, 'wanted').totalAmountCents === request.totalAmountCents;
}

/** @returns null where the conversion is no longer as it was read */
function write(db: Database, conversion: Conversion, request: AdjustmentRequest): Promise<Conversion | null> {
  const { _id, status, submission, adjustments = [] } = conversion;
  const { by, ...wanted } = request;
  const sent = submission?.state === 'queued' || submission?.state === 'sending';
  const now = new Date();
  const adjustment: Adjustment = {
    id: `${request.kind}-${adjustments.length + 1}`,
    ...wanted,
    // An amount that goes out with the report itself needs nothing more.
    status: request.kind === 'amount' && !sent ? 'confirmed' : 'pending',
    requestedAt: now,
    requestedBy: by,
  };
  const reversed = request.kind === 'reversal' && !sent;
  const nextStatus = reversed ? 'reversed' : status;
  const detail = `${describe(request)} (${request.reason}), asked for by ${by}.${sent ? '' : ' It was not sent before.'}`;
  return db.conversions
    .findOneAndUpdate(
      {
        _id,
        status,
        'submission.state': submission?.state ?? null,
        // As many changes as were read.
        [`adjustments.${adjustments.length}`]: { $exists: false },
        ...(adjustments.length > 0 ? { [`adjustments.${adjustments.length - 1}`]: { $exists: true } } : {}),
      },
      {
        $set: { status: nextStatus, updatedAt: now },
        ...(reversed ? { $unset: { reason: 1 } } : {}),
        $push: { adjustments: adjustment, timeline: { at: now, status: nextStatus, detail } },
      },
      { returnDocument: 'after' },
    )
    .lean();
}

function describe(request: AdjustmentRequest): string {
  return request.kind === 'reversal' ? 'Reversal' : `New amount ${request.totalAmountCents} (minor unit)`;
}
