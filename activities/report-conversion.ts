import { activityInfo, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import { payloadWith } from '../src/domain/change.js';
import type { Conversion, ConversionReport } from '../src/domain/conversion.js';
import type { ImpactClient } from '../src/impact/client.js';
import type { Database } from '../src/mongo.js';
import { findConversion } from './find-conversion.js';
import { findEvent } from './find-event.js';
import { isAmbiguous, toApplicationFailure } from './impact-failure.js';
import { claimSubmission, recordReceipt, releaseSubmission } from './submission-guard.js';

export interface ReportConversionDeps {
  db: Database;
  campaignEvents: CampaignEvents;
  impact: ImpactClient | null;
  /** How long after the receipt to ask what became of it; `null`: never. */
  confirmAfterMs: number | null;
}

export type ReportResult =
  | { outcome: 'submitted'; queuedUri?: string; recorded: boolean; confirmAfterMs?: number }
  | { outcome: 'may_have_arrived'; reason: string; detail: string }
  | { outcome: 'reversed' }
  | { outcome: 'skipped'; reason: 'provider_not_configured' };

/**
 * Impact drops what is older, so sending it would look like success.
 * https://help.impact.com/ "batch submit conversion data"; that the API has the same limit is inferred.
 */
const TOO_OLD_MS = 88 * 86_400_000;

/**
 * Reports a conversion to Impact, unless the ledger says that Impact has it: retries, `workflow reset` and
 * redeploys all come through here, and none of them makes a second POST of what Impact has acknowledged. What may
 * have arrived is not sent again before Impact was asked for it: `lookedUpAt` is when it was, and had none.
 */
export function createReportConversion({ db, campaignEvents, impact, confirmAfterMs }: ReportConversionDeps) {
  const submitted = (queuedUri: string | undefined, recorded = true): ReportResult => ({
    outcome: 'submitted',
    recorded,
    ...(queuedUri === undefined ? {} : { queuedUri }),
    // Without its id nobody can ask for a submission.
    ...(queuedUri === undefined || confirmAfterMs === null ? {} : { confirmAfterMs }),
  });

  return async function reportConversion(conversionId: string, lookedUpAt?: string): Promise<ReportResult> {
    const conversion = await findConversion(db, conversionId);
    if (conversion.submission?.state === 'queued') return submitted(conversion.submission.queuedUri);
    if (conversion.status === 'reversed') return { outcome: 'reversed' };
    if (!impact) return { outcome: 'skipped', reason: 'provider_not_configured' };

    const { orderId } = toReport(campaignEvents, conversion);
    const claim = await claimSubmission(
      db,
      conversionId,
      orderId,
      lookedUpAt === undefined ? undefined : new Date(lookedUpAt),
    );
    if (claim.state === 'queued') return submitted(claim.queuedUri);
    if (claim.state === 'reversed') return { outcome: 'reversed' };
    if (claim.state === 'may-have-arrived')
      return mayHaveArrived('worker_timeout', 'An attempt never ended.');

    try {
      // From what was claimed: an amount that has changed meanwhile goes out with it.
      const { queuedUri } = await impact.submitConversion(toReport(campaignEvents, claim.conversion));
      log.info('conversion reported', { conversionId, orderId, queuedUri });
      return submitted(queuedUri, await recordReceipt(db, conversionId, queuedUri));
    } catch (error) {
      await releaseSubmission(db, conversionId, isAmbiguous(error));
      if (isAmbiguous(error)) return mayHaveArrived(error.code, error.message);
      throw toApplicationFailure(error, activityInfo().attempt);
    }
  };
}

function mayHaveArrived(reason: string, detail: string): ReportResult {
  return { outcome: 'may_have_arrived', reason, detail };
}

export function toReport(campaignEvents: CampaignEvents, conversion: Conversion): ConversionReport {
  const { campaignEventId, userId, payload, attribution, occurredAt } = conversion;
  if (!attribution) {
    throw ApplicationFailure.nonRetryable(
      `Conversion "${conversion._id}" has no click to report.`,
      'no_attribution',
    );
  }
  if (Date.now() - occurredAt.getTime() > TOO_OLD_MS) {
    const message = `It happened ${occurredAt.toISOString()}: Impact drops what is older than 88 days.`;
    throw ApplicationFailure.nonRetryable(message, 'too_old');
  }
  const event = findEvent(campaignEvents, campaignEventId);
  return {
    campaignId: event.campaignId,
    actionTrackerId: event.actionTrackerId,
    clickId: attribution.clickId,
    orderId: event.orderId({ userId, payload }),
    eventDate: occurredAt,
    customerId: userId,
    ...event.details(payloadWith(conversion, 'effective')),
  };
}
