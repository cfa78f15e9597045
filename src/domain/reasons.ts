import { type ConversionStatus, HELD_DAYS, type SkipReason } from './conversion.js';
import { IMPACT_REASONS } from './impact-reasons.js';
import { PARK_REASONS } from './park-reasons.js';

/**
 * Why a conversion is where it is: one row per code, for the API, the CLI, the workflow's page and the docs
 * (`npm run docs:reasons` writes them). Codes never change their meaning.
 */
export interface Reason {
  code: string;
  /** Plain text: what happened. */
  meaning: string;
  /** What a human can do, with code in backticks. Not there if there is nothing to do. */
  action?: string;
  retry: Retry;
}

/**
 * Whether a retry can help. Stable.
 * `yes`: without a fix, at the latest when an outage is over.
 * `after_fix`: once somebody has fixed the cause, at Impact or here.
 * `no`: never. One of Impact's own codes then declines the conversion instead of parking it.
 * `none`: there is nothing to retry.
 */
export type Retry = 'yes' | 'after_fix' | 'no' | 'none';

export interface ReasonRow extends Omit<Reason, 'code'> {
  /** The words for a refund or a new amount that parks with this code. */
  adjustment?: Pick<Reason, 'meaning' | 'action'>;
}

/** The state of a conversion whose reason does not say more. */
export type StateCode =
  | Exclude<ConversionStatus, 'skipped' | 'parked'>
  | 'retrying'
  | 'waits_for_parent'
  | 'restarted'
  | 'may_have_arrived'
  | 'cancelled';

const WAIT = 'Nothing: it continues by itself.';
const RESTART = 'retry it with a restart (`--restart`).';

export const STATES: Readonly<Record<StateCode, ReasonRow>> = {
  pending: {
    meaning: 'It is recorded, and its workflow is about to start.',
    action:
      'Nothing, while it is seconds old. Later: check that Temporal answers and that a worker runs, as the relay in the worker starts pending conversions.',
    retry: 'none',
  },
  restarted: {
    meaning: 'An operator wants it reported after all, and its workflow is about to start.',
    action:
      'Nothing, while it is minutes old. Later: check that Temporal answers and that a worker runs, as the relay in the worker starts it.',
    retry: 'none',
  },
  reporting: {
    meaning: 'Temporal has it, and Impact has not acknowledged it yet.',
    action: 'Nothing, while it is minutes old. Later: check that a worker runs and reporting is not paused.',
    retry: 'none',
  },
  waits_for_parent: {
    meaning:
      'Impact must have its parent, an earlier event of the same user, before it. It is sent some minutes after the parent, or without it if the parent is not reported.',
    action: `${WAIT} If its parent is parked, see to the parent: after a day, by default, this one is sent without it.`,
    retry: 'none',
  },
  retrying: {
    meaning: 'The worker sent it to Impact without success, and retries for 48 hours in total.',
    action: `${WAIT} If it does not, check that reporting is not paused. The last error is on its workflow's page in the Temporal UI.`,
    retry: 'none',
  },
  may_have_arrived: {
    meaning:
      'The worker sent it, and no answer said whether Impact has it. The worker looks the order up at Impact before it sends it again.',
    action: `${WAIT} By default, a look-up takes half an hour or more, because Impact lists actions late.`,
    retry: 'none',
  },
  submitted: {
    meaning:
      'Impact has queued it, and it is not sent again. Unless IMPACT_CONFIRM is off, the worker asks later whether Impact accepted it.',
    action: WAIT,
    retry: 'none',
  },
  confirmed: { meaning: 'Impact accepted it.', retry: 'none' },
  declined: {
    meaning: 'Impact processed it and does not credit it, for a reason that cannot be changed here.',
    action: `Nothing. To send it again on purpose, ${RESTART}`,
    retry: 'no',
  },
  reversed: {
    meaning:
      'It was taken back, before it was sent or at Impact, so the partner is not paid. It is never reported again.',
    retry: 'none',
  },
  abandoned: {
    meaning: 'An operator abandoned it, so it is not reported.',
    action: `Nothing. To report it after all, ${RESTART}`,
    retry: 'yes',
  },
  cancelled: {
    meaning: 'Its workflow was cancelled in Temporal, which counts as abandoning it: it is not reported.',
    action: `Nothing, if that was intended. To report it after all, ${RESTART}`,
    retry: 'yes',
  },
};

/** The other skip reasons can park a conversion as well: PARK_REASONS has them. */
export const SKIPS: Readonly<Record<Exclude<SkipReason, keyof typeof PARK_REASONS>, ReasonRow>> = {
  user_not_found: {
    meaning:
      'This service has not seen the user yet. The conversion is held, and reported once the user appears.',
    action: `Nothing: the worker decides it again once the user appears, for HELD_DAYS (${HELD_DAYS} by default) after it was published. After that it stays skipped.`,
    retry: 'none',
  },
  click_after_event: {
    meaning:
      "All of the user's clicks came after the event, by more than the five minutes that a capture may be late, so none of them led to it.",
    action: 'Nothing, if `occurredAt` is right.',
    retry: 'no',
  },
  click_history_too_short: {
    meaning:
      'The event was published late. Which click held then is not known any more: of a user with more than 20 clicks, this service keeps the first one and the last 19.',
    action:
      'Settle it with the partner by hand, if Impact shows whose click it was. To avoid it, publish events soon after they happen.',
    retry: 'no',
  },
  outside_referral_window: {
    meaning: 'The referral window of the click had closed before the event.',
    action: 'Nothing, if the times are right.',
    retry: 'no',
  },
  order_not_found: {
    meaning:
      'A refund or a new amount came, and its order has not been published yet. It is kept, and takes effect as soon as the order is published.',
    action:
      'Nothing, if the order is published later. Otherwise compare its order id with the one that the refund names, as somebody may have mistyped it.',
    retry: 'none',
  },
};

const ROWS: ReadonlyMap<string, ReasonRow> = new Map(
  [STATES, SKIPS, PARK_REASONS, IMPACT_REASONS].flatMap((rows) => Object.entries(rows)),
);

/** Impact's own codes are in lower case, as in the ledger. */
export function reasonOf(code: string, of: 'conversion' | 'adjustment' = 'conversion'): Reason {
  const { adjustment, ...row } = ROWS.get(code) ?? undocumented(code);
  return { code, ...row, ...(of === 'adjustment' ? adjustment : undefined) };
}

/**
 * Impact has processed the conversion and never credits it, and no human can change that here: the conversion ends as
 * `declined`. An adjustment with such a code parks.
 */
export function isDeclined(code: string): boolean {
  return IMPACT_REASONS[code]?.retry === 'no';
}

/** Impact may add a code, and a newer version of this service may have written one. */
function undocumented(code: string): ReasonRow {
  return {
    meaning: `This version does not know the reason "${code}". It is most likely a code that Impact does not document.`,
    action: 'Read its timeline, and ask Impact what the code means, before you retry or abandon it.',
    retry: 'after_fix',
  };
}
