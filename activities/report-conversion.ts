import { activityInfo, log } from '@temporalio/activity';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { ImpactClient } from '../src/impact/client.js';
import { claimSubmission, recordReceipt, releaseSubmission } from '../src/ledger/claim-submission.js';
import type { CountsConversions } from '../src/ledger/count-conversion.js';
import type { Database } from '../src/mongo.js';
import { findConversion } from './find-conversion.js';
import { isAmbiguous, toApplicationFailure } from './impact-failure.js';
import { toReport } from './to-report.js';

export interface ReportConversionDeps extends CountsConversions {
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
 * Reports a conversion to Impact, unless the ledger says that Impact has it: retries, `workflow reset` and
 * redeploys all come through here, and none of them makes a second POST of what Impact has acknowledged. What may
 * have arrived is not sent again before Impact was asked for it: `lookedUpAt` is when it was, and had none.
 */
export function createReportConversion(deps: ReportConversionDeps) {
  const { db, campaignEvents, impact, confirmAfterMs } = deps;
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
      return submitted(queuedUri, await recordReceipt(deps, conversionId, queuedUri));
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
