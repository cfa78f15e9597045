import { ApplicationFailure } from '@temporalio/common';
import { payloadWith } from '../src/domain/adjustment.js';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { Conversion, ConversionReport } from '../src/domain/conversion.js';
import { planReport } from '../src/domain/report.js';
import { findEvent } from './find-event.js';

/** @throws ApplicationFailure `no_attribution`, `too_old`, `unknown_campaign_event` */
export function toReport(campaignEvents: CampaignEvents, conversion: Conversion): ConversionReport {
  const { _id: id, attribution, campaignEventId } = conversion;
  if (!attribution) {
    throw ApplicationFailure.nonRetryable(`Conversion "${id}" has no click to report.`, 'no_attribution');
  }
  // An amount that changed before it was sent goes out with it.
  const wanted = { ...conversion, payload: payloadWith(conversion, 'effective') };
  const plan = planReport(findEvent(campaignEvents, campaignEventId), wanted, attribution, new Date());
  if (plan.report) return plan.report;
  throw ApplicationFailure.nonRetryable(plan.detail, plan.reason);
}
