import { toImpactDate } from '../impact-date.js';
import type { SandboxState } from '../state.js';
import { type Action, stateAt } from './actions.js';

/** Action of the v14 Actions OpenAPI, with the partner and the ad of its examples: the sandbox knows no partners. */
export function actionObject(action: Action, accountSid: string, { settings, clock }: SandboxState) {
  const campaign = settings.campaigns.find(({ campaignId }) => campaignId === action.campaignId);
  const tracker = campaign?.actionTrackers.find(({ id }) => id === action.actionTrackerId);
  const { details } = action;
  return {
    Id: action.id,
    CampaignId: action.campaignId,
    CampaignName: campaign?.name ?? '',
    ActionTrackerId: action.actionTrackerId,
    ActionTrackerName: tracker?.name ?? '',
    EventCode: tracker?.code ?? '',
    MediaPartnerId: Number(details.MediaPartnerId ?? 10000),
    MediaPartnerName: 'Acme Partner',
    State: stateAt(action, clock.now()),
    AdId: 506720,
    ClientCost: action.payout,
    Payout: action.payout,
    DeltaPayout: action.deltaPayout,
    IntendedPayout: action.intendedPayout,
    Amount: action.amount,
    DeltaAmount: action.deltaAmount,
    IntendedAmount: action.intendedAmount,
    Currency: action.currency,
    ReferringDate: toImpactDate(action.referringDate),
    EventDate: toImpactDate(action.eventDate),
    CreationDate: toImpactDate(action.creationDate),
    LockingDate: toImpactDate(action.lockingDate),
    // "Empty if not yet cleared": the sandbox pays nobody.
    ClearedDate: '',
    ReferringType: 'CLICK_COOKIE',
    ReferringDomain: '',
    PromoCode: details.PromoCode ?? '',
    Oid: action.orderId,
    CustomerId: details.CustomerId ?? '',
    CustomerStatus: details.CustomerStatus ?? '',
    CustomerPostCode: details.CustomerPostCode ?? '',
    CustomerCity: details.CustomerCity ?? '',
    CustomerRegion: details.CustomerRegion ?? '',
    CustomerCountry: details.CustomerCountry ?? '',
    SharedId: details.SharedId ?? '',
    CallerId: details.CallerId ?? '',
    Note: details.Note ?? '',
    Uri: `/Advertisers/${accountSid}/Actions/${action.id}`,
  };
}
