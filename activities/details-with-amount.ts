import { type Adjustment, payloadWith } from '../src/domain/adjustment.js';
import type { CampaignEvents } from '../src/domain/campaign-events/registry.js';
import type { Conversion, ConversionDetails } from '../src/domain/conversion.js';
import { findEvent } from './find-event.js';

/** What Impact is told of the conversion once it has the amount of this adjustment. */
export function detailsWithAmount(
  campaignEvents: CampaignEvents,
  conversion: Conversion,
  { totalAmountCents }: Adjustment,
): ConversionDetails {
  const event = findEvent(campaignEvents, conversion.campaignEventId);
  return event.details({ ...payloadWith(conversion, 'effective'), totalAmountCents });
}
