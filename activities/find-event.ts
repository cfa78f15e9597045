import { ApplicationFailure } from '@temporalio/common';
import type { CampaignEvent } from '../src/domain/campaign-events/define.js';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import { DomainError } from '../src/domain/errors.js';

/** @throws ApplicationFailure `unknown_campaign_event` where the deployed version does not have the event */
export function findEvent(campaignEvents: CampaignEvents, id: string): CampaignEvent {
  try {
    return campaignEvents.get(id);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw ApplicationFailure.nonRetryable(error.message, error.code);
  }
}
