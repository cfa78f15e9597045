import type { ConversionStatus, SkipReason } from '../domain/conversion.js';
import { PARK_ADVICE } from '../domain/park-reasons.js';
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

const WAIT = 'Nothing: it goes on by itself.';
const MEND_AND_RETRY = 'Mend that, then retry it.';

/** One row per code. Codes never change their meaning. */
const OWN_MEANINGS: Readonly<Record<StateCode | SkipReason, Meaning>> = {
  pending: {
    explanation: 'It is recorded, and its workflow is about to be started.',
    whatNext:
      'Nothing, while it is seconds old. Later: see whether Temporal answers and a worker runs; its relay starts what is pending.',
  },
  reporting: {
    explanation: 'Temporal has it, and Impact has not acknowledged it yet.',
    whatNext:
      'Nothing, while it is minutes old. Later: see whether a worker runs, and whether reporting is paused.',
  },
  retrying: {
    explanation: 'It was sent to Impact without success, and is tried again, for 48 hours altogether.',
    whatNext: `${WAIT} Where it does not, see whether reporting is paused. The last error is on its workflow's page in the Temporal UI.`,
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
  confirmed: { explanation: 'Impact accepted it.' },
  declined: { explanation: 'Impact processed it and will not credit it.' },
  reversed: {
    explanation:
      'It was taken back, before it was sent or at Impact, so that nobody is paid for it. It is never reported again.',
  },
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
      'Give the worker IMPACT_ACCOUNT_SID and IMPACT_AUTH_TOKEN. Then retry what is parked; what was skipped stays so, unless its workflow is reset.',
  },
};

const IMPACT_MEANINGS = Object.entries(SUBMISSION_REASONS).map(
  ([code, reason]) => [code.toLowerCase(), turnedDown(code, reason)] as const,
);

/** What the workflow's page says of a parked conversion, without its Markdown. */
const PARKED_MEANINGS = Object.entries(PARK_ADVICE).map(
  ([code, { happened, todo }]) =>
    [code, { explanation: happened, whatNext: todo.replaceAll('`', '') }] as const,
);

/** By code; Impact's own codes are in lower case, as in the ledger. What is skipped has the last word. */
export const MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  ...IMPACT_MEANINGS,
  ...PARKED_MEANINGS,
  ...Object.entries(OWN_MEANINGS),
]);

/** A parked refund or new amount: what the code means that means something else there. */
const ADJUSTMENT_MEANINGS: ReadonlyMap<string, Meaning> = new Map([
  [
    'unconfirmed',
    {
      explanation: 'Impact took the adjustment into its queue, and never said what became of it.',
      whatNext:
        'Look the order up at Impact. A retry sends the adjustment again, which does the same as sending it once.',
    },
  ],
  [
    'action_ref_not_found',
    {
      explanation: 'Impact has no action for this order that could be changed.',
      whatNext:
        'Look the order up at Impact. Retry the adjustment once it is there; abandon it where Impact credits the order to nobody.',
    },
  ],
]);

export function meaningOf(code: string): Meaning {
  return MEANINGS.get(code) ?? undocumented(code);
}

export function meaningOfAdjustment(code: string): Meaning {
  return ADJUSTMENT_MEANINGS.get(code) ?? meaningOf(code);
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
