import type { ConversionStatus, SkipReason } from '../domain/conversion.js';
import type { ImpactErrorCode } from '../impact/errors.js';
import { SUBMISSION_REASONS, type SubmissionReason } from '../impact/submission-reasons.js';

/** What a code means, and what a human can do about it; nothing, where `whatNext` is left out. */
export interface Meaning {
  explanation: string;
  whatNext?: string;
}

/** Where a conversion stands, while no reason says more. `skipped` and `parked` always have one. */
export type StateCode =
  | Exclude<ConversionStatus, 'skipped' | 'parked'>
  | 'retrying'
  | 'may_have_arrived'
  | 'cancelled';

/** What the activities and the workflow themselves find. */
type OwnParkReason =
  | 'worker_timeout'
  | 'report_in_flight'
  | 'unconfirmed'
  | 'impact_rejected'
  | 'too_old'
  | 'workflow_terminated'
  | 'unknown_campaign_event'
  | 'conversion_not_found'
  | 'unexpected_error';

const WAIT = 'Nothing: it goes on by itself.';
const MEND_AND_RETRY = 'Mend that, then retry it.';
const USED_UP = 'Its retries are used up.';

/** One row per code. Codes never change their meaning. */
const OWN_MEANINGS: Readonly<Record<StateCode | SkipReason | ImpactErrorCode | OwnParkReason, Meaning>> = {
  pending: {
    explanation: 'It is recorded, and its workflow is about to be started.',
    whatNext:
      'Nothing, while it is seconds old. Later: see whether Temporal answers and a worker runs; its relay starts what is pending.',
  },
  reporting: {
    explanation: 'Temporal has it, and Impact has not acknowledged it yet.',
    whatNext: 'Nothing, while it is minutes old. Later: see whether a worker runs.',
  },
  retrying: {
    explanation: 'It was sent to Impact without success, and is tried again, for 48 hours altogether.',
    whatNext: `${WAIT} The last error is on its workflow's page in the Temporal UI.`,
  },
  may_have_arrived: {
    explanation:
      'It was sent, and no answer came that says whether Impact has it: the order is looked up there before it is sent again.',
    whatNext: `${WAIT} A look-up takes half an hour or more, as Impact lists actions late.`,
  },
  submitted: {
    explanation:
      'Impact has queued it, and it is not sent again. Whether Impact accepts it is asked later, unless IMPACT_CONFIRM is off.',
    whatNext: WAIT,
  },
  confirmed: { explanation: 'Impact has accepted it.' },
  reversed: { explanation: 'It was reported to Impact, and taken back there. It is never reported again.' },
  abandoned: {
    explanation: 'A human decided against it, and it is not reported.',
    whatNext: 'Nothing. To report it all the same, retry it with a restart.',
  },
  cancelled: {
    explanation: 'Its workflow was cancelled in Temporal, which counts as abandoning it: it is not reported.',
    whatNext: 'Nothing, if that was meant. To report it all the same, retry it with a restart.',
  },
  no_attribution: {
    explanation: 'The user came without a click id, so that there is no partner to credit.',
    whatNext:
      "Nothing, if the user came on their own. Otherwise see whether the website forwards its visitors' click ids.",
  },
  click_after_event: {
    explanation:
      "All the user's clicks on a partner's link came after the event, so that none of them led to it.",
    whatNext: 'Nothing, if `occurredAt` is right.',
  },
  outside_referral_window: {
    explanation: 'The referral window of the click had closed before the event.',
    whatNext: 'Nothing, if the times are right.',
  },
  provider_not_configured: {
    explanation: 'The worker had no Impact credentials when this conversion was its turn.',
    whatNext:
      'Give the worker IMPACT_ACCOUNT_SID and IMPACT_AUTH_TOKEN. Then retry what is parked; what was skipped stays so.',
  },
  impact_refused: {
    explanation: 'Impact refused it, and would refuse it again as it is.',
    whatNext: 'Mend what Impact names, at Impact or here, then retry it; or abandon it.',
  },
  credentials_rejected: {
    explanation: 'Impact rejected the credentials, or they may not create conversions.',
    whatNext: 'Give the worker credentials that Impact accepts, then retry it.',
  },
  impact_rate_limited: {
    explanation: `Impact's rate limit left no room for it. ${USED_UP}`,
    whatNext: 'Lower IMPACT_MAX_REQUESTS_PER_SECOND, or have Impact raise the limit; then retry it.',
  },
  impact_unavailable: {
    explanation: `Impact was unavailable. ${USED_UP}`,
    whatNext: 'When Impact works again, retry it: an order that may have arrived is looked up first.',
  },
  impact_unreachable: {
    explanation: `No connection to Impact came about. ${USED_UP}`,
    whatNext: "See IMPACT_BASE_URL, and the worker's way to the internet; then retry it.",
  },
  impact_timeout: {
    explanation: `Impact did not answer in time. ${USED_UP}`,
    whatNext: 'When Impact answers again, retry it: an order that may have arrived is looked up first.',
  },
  impact_unreadable: {
    explanation: `Impact's answer could not be read; it may be a proxy's. ${USED_UP}`,
    whatNext: 'See what answers at IMPACT_BASE_URL, then retry it.',
  },
  worker_timeout: {
    explanation: 'Attempts were begun and never finished, as when a worker is killed again and again.',
    whatNext: 'See why the workers died, then retry it: an order that may have arrived is looked up first.',
  },
  report_in_flight: {
    explanation: 'Another attempt to report it was under way each time.',
    whatNext: 'See whether its workflow was reset again and again, then retry it.',
  },
  unconfirmed: {
    explanation: 'Impact queued it, and never said what became of it.',
    whatNext:
      'Look the order up at Impact. A retry asks again, and sends nothing; abandoning it ends the asking.',
  },
  impact_rejected: {
    explanation: 'Impact queued it and turned it down, with a reason that is not in the form of its codes.',
    whatNext: 'Ask Impact what the reason means; then retry it, which sends it again, or abandon it.',
  },
  too_old: {
    explanation: 'It happened more than 88 days ago, and Impact drops what is so old.',
    whatNext: 'Abandon it, and settle it with the partner, or with Impact by hand.',
  },
  workflow_terminated: {
    explanation: 'Somebody terminated its workflow, which is no decision about the conversion.',
    whatNext: 'Retry it to go on; what Impact has is not sent again. Or abandon it.',
  },
  unknown_campaign_event: {
    explanation: 'The deployed worker does not know its campaign event.',
    whatNext: 'Deploy a version that has the event in src/domain/campaign-events/, then retry it.',
  },
  conversion_not_found: {
    explanation: 'The ledger did not have its document, so that there was nothing to send.',
    whatNext: 'See whether MONGODB_URI is the right database, or restore the document; then retry it.',
  },
  unexpected_error: {
    explanation: 'An error that nobody foresaw.',
    whatNext: "Read its workflow's page in the Temporal UI and the worker's log, mend it, then retry it.",
  },
};

const IMPACT_MEANINGS = Object.entries(SUBMISSION_REASONS).map(
  ([code, reason]) => [code.toLowerCase(), turnedDown(code, reason)] as const,
);

/** By code; Impact's own codes are in lower case, as in the ledger. */
export const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...IMPACT_MEANINGS,
  ...Object.entries(OWN_MEANINGS),
]);

/** A parked refund or new amount: what the codes mean that mean something else there. */
const CHANGE_MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  [
    'locked',
    {
      explanation: 'Impact has locked the action, and changes it no more.',
      whatNext: 'Abandon the change, and settle it with the partner, or with Impact by hand.',
    },
  ],
  [
    'action_ref_not_found',
    {
      explanation: 'Impact has no action for this order that could be changed.',
      whatNext:
        'Look the order up at Impact. Retry the change once it is there; abandon it where Impact credits the order to nobody.',
    },
  ],
]);

export function meaningOf(code: string): Meaning {
  return MEANINGS.get(code) ?? undocumented(code);
}

export function meaningOfChange(code: string): Meaning {
  return CHANGE_MEANINGS.get(code) ?? meaningOf(code);
}

/** Of what Impact may say tomorrow, and of what a newer version wrote. */
function undocumented(code: string): Meaning {
  return {
    explanation: `The reason is "${code}", which this version has no words for: Impact does not document it.`,
    whatNext: 'Read its timeline, and ask Impact what the reason means, before you retry or abandon it.',
  };
}

function turnedDown(code: string, { meaning, retry }: SubmissionReason): Meaning {
  return {
    explanation: `Impact queued it and turned it down, ${code}: ${meaning}.`,
    whatNext:
      retry === 'no' ? 'Abandon it: a retry cannot help.' : `${MEND_AND_RETRY} A retry sends it again.`,
  };
}
