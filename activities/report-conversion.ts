import { activityInfo, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { Conversion, ConversionReport } from '../src/domain/conversion.js';
import type { ImpactClient } from '../src/impact/client.js';
import type { Database } from '../src/mongo.js';
import { findConversion } from './find-conversion.js';
import { findEvent } from './find-event.js';
import { certainlyNotTaken, toApplicationFailure } from './impact-failure.js';
import { claimSubmission, recordReceipt, releaseSubmission } from './submission-guard.js';

export interface ReportConversionDeps {
  db: Database;
  campaignEvents: CampaignEvents;
  impact: ImpactClient | null;
}

export type ReportResult =
  | { outcome: 'submitted'; queuedUri?: string; recorded: boolean }
  | { outcome: 'skipped'; reason: 'provider_not_configured' };

/**
 * Reports a conversion to Impact, unless the ledger says that Impact has it: retries, `workflow reset` and
 * redeploys all come through here, and none of them makes a second POST of what Impact has acknowledged.
 */
export function createReportConversion({ db, campaignEvents, impact }: ReportConversionDeps) {
  return async function reportConversion(conversionId: string): Promise<ReportResult> {
    const conversion = await findConversion(db, conversionId);
    if (conversion.submission?.state === 'queued') return acknowledged(conversion.submission.queuedUri);
    if (!impact) return { outcome: 'skipped', reason: 'provider_not_configured' };

    const report = toReport(campaignEvents, conversion);
    const claim = await claimSubmission(db, conversionId, report.orderId);
    if (claim.state === 'queued') return acknowledged(claim.queuedUri);

    try {
      const { queuedUri } = await impact.submitConversion(report);
      const recorded = await recordReceipt(db, conversionId, queuedUri);
      log.info('conversion reported', { conversionId, orderId: report.orderId, queuedUri });
      return { ...acknowledged(queuedUri), recorded };
    } catch (error) {
      await releaseSubmission(db, conversionId, claim.mayHaveArrived || !certainlyNotTaken(error));
      throw toApplicationFailure(error, activityInfo().attempt);
    }
  };
}

function acknowledged(queuedUri: string | undefined) {
  return { outcome: 'submitted' as const, recorded: true, ...(queuedUri === undefined ? {} : { queuedUri }) };
}

export function toReport(campaignEvents: CampaignEvents, conversion: Conversion): ConversionReport {
  const { campaignEventId, userId, payload, attribution, occurredAt } = conversion;
  if (!attribution) {
    throw ApplicationFailure.nonRetryable(
      `Conversion "${conversion._id}" has no click to report.`,
      'no_attribution',
    );
  }
  const event = findEvent(campaignEvents, campaignEventId);
  return {
    campaignId: event.campaignId,
    actionTrackerId: event.actionTrackerId,
    clickId: attribution.clickId,
    orderId: event.orderId({ userId, payload }),
    eventDate: occurredAt,
    customerId: userId,
    ...event.details(payload),
  };
}
