import { type ConversionStatus, HELD_DAYS, type SkipReason } from './conversion.js';
import type { PARK_REASONS } from './park-reasons.js';
import { BY_ITSELF, type ReasonRow } from './reason-row.js';

/** The state of a conversion whose reason does not say more. */
export type StateCode =
  | Exclude<ConversionStatus, 'skipped' | 'parked'>
  | 'retrying'
  | 'waits_for_parent'
  | 'restarted'
  | 'may_have_arrived'
  | 'cancelled';

const RESTART = 'retry it with a restart (`--restart`).';

export const STATES: Readonly<Record<StateCode, ReasonRow>> = {
  pending: {
    meaning: 'It is recorded, and its workflow is about to start.',
    action:
      'Nothing, while it is seconds old. Later: check that Temporal answers and that a worker runs, as the relay in the worker starts pending conversions.',
    retry: 'none',
    outcome: 'It has been recorded, and is about to be sent to Impact.',
    advice: BY_ITSELF,
  },
  restarted: {
    meaning: 'An operator wants it reported after all, and its workflow is about to start.',
    action:
      'Nothing, while it is minutes old. Later: check that Temporal answers and that a worker runs, as the relay in the worker starts it.',
    retry: 'none',
    outcome: 'One of your engineers wants it reported after all, and it is about to be sent.',
    advice: BY_ITSELF,
  },
  reporting: {
    meaning: 'Temporal has it, and Impact has not acknowledged it yet.',
    action: 'Nothing, while it is minutes old. Later: check that a worker runs and reporting is not paused.',
    retry: 'none',
    outcome: 'It is on its way to Impact.',
    advice: BY_ITSELF,
  },
  waits_for_parent: {
    meaning:
      'Impact must have its parent, an earlier event of the same user, before it. It is sent some minutes after the parent, or without it if the parent is not reported.',
    action: `${BY_ITSELF} If its parent is parked, see to the parent: after a day, by default, this one is sent without it.`,
    retry: 'none',
    outcome:
      'It waits until Impact has an earlier step of the same customer, such as the signup, because Impact links the two only in this order.',
    advice:
      'It continues by itself. If the earlier step waits for your engineers, this one is sent without it after a day.',
  },
  retrying: {
    meaning: 'The worker sent it to Impact without success, and retries for 48 hours in total.',
    action: `${BY_ITSELF} If it does not, check that reporting is not paused. The last error is on its workflow's page in the Temporal UI.`,
    retry: 'none',
    outcome:
      'It has not reached Impact yet: Impact did not take it, and this service sends it again for up to two days.',
    advice: BY_ITSELF,
  },
  may_have_arrived: {
    meaning:
      'The worker sent it, and no answer said whether Impact has it. The worker looks the order up at Impact before it sends it again.',
    action: `${BY_ITSELF} By default, a look-up takes half an hour or more, because Impact lists actions late.`,
    retry: 'none',
    outcome:
      'It may have reached Impact, which did not say so. This service looks it up there before it sends it again, so that no partner is paid twice.',
    advice: BY_ITSELF,
  },
  submitted: {
    meaning:
      'Impact has queued it, and it is not sent again. Unless IMPACT_CONFIRM is off, the worker asks later whether Impact accepted it.',
    action: BY_ITSELF,
    retry: 'none',
    outcome: 'Impact has received it, and has not said yet whether it accepts it.',
    advice: 'Nothing: this service asks Impact. If it stays like this for days, look the order up in Impact.',
  },
  confirmed: {
    meaning: 'Impact accepted it.',
    retry: 'none',
    outcome: 'Impact accepted it.',
    advice: 'Look the order up in Impact to see which partner it credits, and what it pays.',
  },
  declined: {
    meaning: 'Impact processed it and does not credit it, for a reason that cannot be changed here.',
    action: `Nothing. To send it again on purpose, ${RESTART}`,
    retry: 'no',
    outcome: 'Impact processed it, and does not credit it.',
    advice: 'Tell the partner so. Your engineers see the reason that Impact gave.',
  },
  reversed: {
    meaning:
      'It was taken back, before it was sent or at Impact, so the partner is not paid. It is never reported again.',
    retry: 'none',
    outcome:
      'It was taken back, for example because the customer got a refund, so no commission is paid for it.',
    advice: 'Tell the partner that the sale was taken back. Your engineers see when, and by which system.',
  },
  abandoned: {
    meaning: 'An operator abandoned it, so it is not reported.',
    action: `Nothing. To report it after all, ${RESTART}`,
    retry: 'yes',
    outcome: 'One of your engineers decided not to report it, so no commission is expected for it.',
    advice:
      'Ask your engineers for the reason, which is recorded. If it should count after all, they can still report it.',
  },
  cancelled: {
    meaning: 'Its workflow was cancelled in Temporal, which counts as abandoning it: it is not reported.',
    action: `Nothing, if that was intended. To report it after all, ${RESTART}`,
    retry: 'yes',
    outcome: 'It was stopped before it was reported, and this service does not know by whom.',
    advice: 'Ask your engineers whether that was meant. If it was not, they can still report it.',
  },
};

/** The other skip reasons can park a conversion as well: PARK_REASONS has them. */
export const SKIPS: Readonly<Record<Exclude<SkipReason, keyof typeof PARK_REASONS>, ReasonRow>> = {
  user_not_found: {
    meaning:
      'This service has not seen the user yet. The conversion is held, and reported once the user appears.',
    action: `Nothing: the worker decides it again once the user appears, for HELD_DAYS (${HELD_DAYS} by default) after it was published. After that it stays skipped.`,
    retry: 'none',
    outcome: `This service has not seen the customer yet, so it waits for the customer to sign in, for up to ${HELD_DAYS} days.`,
    advice:
      'Nothing at first. If the customer has signed in since, ask your engineers whether the shop names its customers as the website does.',
  },
  click_after_event: {
    meaning:
      "All of the user's clicks came after the event, by more than the five minutes that a capture may be late, so none of them led to it.",
    action: 'Nothing, if `occurredAt` is right.',
    retry: 'no',
    outcome: "The customer came with a partner's click, but only after it had happened.",
    advice:
      "Tell the partner that the click came later, so it did not lead to this. The console shows the customer's clicks.",
  },
  click_history_too_short: {
    meaning:
      'The event was published late. Which click held then is not known any more: of a user with more than 20 clicks, this service keeps the first one and the last 19.',
    action:
      'Settle it with the partner by hand, if Impact shows whose click it was. To avoid it, publish events soon after they happen.',
    retry: 'no',
    outcome:
      "This service heard of it late. Which partner's click the customer had at that time is not known any more.",
    advice: 'If Impact shows whose click it was, settle it with the partner by hand.',
  },
  outside_referral_window: {
    meaning: 'The referral window of the click had closed before the event.',
    action: 'Nothing, if the times are right.',
    retry: 'no',
    outcome: 'When it happened, the click was older than the programme allows.',
    advice: 'Tell the partner that the window of the click had closed. The console shows both times.',
  },
  user_erased: {
    meaning:
      'The user was erased before Impact had it. Its click and its e-mail hash are gone, so it can never be reported.',
    action: 'Nothing. It stays in the ledger, so that the same order is not reported later.',
    retry: 'none',
    outcome:
      "It was not reported, and cannot be reported any more: the customer's data was erased before Impact had it.",
    advice:
      'Tell the partner that it is not credited. Which click brought the customer is not known any more.',
  },
  order_not_found: {
    meaning:
      'A refund or a new amount came, and its order has not been published yet. It is kept, and takes effect as soon as the order is published.',
    action:
      'Nothing, if the order is published later. Otherwise compare its order id with the one that the refund names, as somebody may have mistyped it.',
    retry: 'none',
    outcome:
      'A refund or a new amount came, and the sale itself has not been recorded yet. It is kept until the sale comes.',
    advice:
      'Nothing, if the sale is recorded later. Otherwise ask your engineers whether the order id of the refund is right.',
  },
};
