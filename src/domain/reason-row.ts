/** What happened, for an affiliate manager, who knows partners, clicks, sales and Impact's pages, and nothing of this service. */
export interface Outcome {
  /** What is known, and what is not. "It" is the signup or the sale. */
  outcome: string;
  /** What they can do, or tell the partner. */
  advice?: string;
}

interface Words extends Outcome {
  /** Plain text: what happened. */
  meaning: string;
  /** What an engineer can do, with code in backticks. Not there if there is nothing to do. */
  action?: string;
}

/**
 * Why a conversion is where it is: one row per code, for the API, the CLI, the workflow's page and the docs
 * (`npm run docs:reasons` writes them). Codes never change their meaning.
 */
export interface Reason extends Words {
  code: string;
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
  /** The words for a refund or a new amount that parks with this code. In its outcome, "it" is the refund or the new amount. */
  adjustment?: Words;
  /** The words for a conversion that is skipped with this code, where the others are for a parked one. */
  skipped?: Outcome;
}

/** The sentences that several rows share. */

export const ALERT = 'Your engineers have an alert for it.';

export const BY_ITSELF = 'Nothing: it continues by itself.';

export const NOT_LOST = 'Tell the partner that it is not lost: your engineers can still send it.';

export const LOOK_IT_UP =
  'Look the order up in Impact, to see whether it has arrived. If not, it is not lost: your engineers can still send it.';

/** For an engineer. */
export const LOOKED_UP_FIRST =
  'A request that may have arrived is looked up at Impact before it is sent again.';

export function notYet(because: string): string {
  return `It has not reached Impact yet: ${because}. ${ALERT}`;
}

export function perhaps(because: string): string {
  return `It is not known whether it has reached Impact: ${because}. ${ALERT}`;
}
