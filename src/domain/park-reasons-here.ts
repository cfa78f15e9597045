import { LOOK_IT_UP, LOOKED_UP_FIRST, NOT_LOST, notYet, perhaps, type ReasonRow } from './reason-row.js';

/** The reasons of which the cause is in this service, its data or Temporal, and not between the worker and Impact. */
export const PARKED_HERE = {
  no_attribution: {
    meaning:
      'There is no click, so there is no partner to credit: the user came without a click id, or somebody removed the click from the ledger.',
    action:
      "If it is skipped: nothing, if the user came without a partner; otherwise check that the website forwards its visitors' click ids. If it is parked: the ledger had a click when it was recorded, so find out who changed its document in `conversions`. Restore `attribution` from a backup and retry, or abandon it.",
    retry: 'after_fix',
    outcome: notYet("it had a partner's click at first, and the click has gone from this service's records"),
    advice: 'If you know the click id, from the partner or from Impact, tell your engineers.',
    skipped: {
      outcome: "The customer came without a partner's click, as far as this service knows.",
      advice:
        'If the partner disagrees, ask for the click id, and search for it in the console. If many customers come without a click, ask your engineers to check the website.',
    },
  },
  unknown_campaign_event: {
    meaning:
      'The programme of the worker does not have its campaign event: somebody removed or renamed the event, or an old worker runs beside a new one.',
    action:
      'Put the event back into the programme (PROGRAMME_FILE) of all workers, restart them, and then retry.',
    retry: 'after_fix',
    outcome: notYet('this service no longer knows this kind of event'),
    advice: `If you removed or renamed the event in Impact, tell your engineers. ${NOT_LOST}`,
  },
  conversion_not_found: {
    meaning:
      'Temporal has a workflow for it, and the ledger has no document: a backup was restored, the worker uses another database, or somebody deleted the document.',
    action:
      'Check that the `MONGODB_URI` of the worker and that of the API name the same database. Retry once the document is back, or abandon it. While it is missing, only the signals of Temporal work; the commands and the API do not find it.',
    retry: 'after_fix',
    outcome: perhaps('its record in this service is gone'),
    advice: LOOK_IT_UP,
  },
  workflow_terminated: {
    meaning:
      'Its workflow was terminated, or failed, before the conversion was finished. The worker restarted the workflow and parked the conversion.',
    action:
      'The message names who terminated it. Ask them whether the conversion was to end. If it was, abandon it. If not, retry: a conversion that Impact has acknowledged is not sent again.',
    retry: 'yes',
    outcome: perhaps('an engineer or an error stopped it halfway'),
    advice: 'Ask your engineers whether that was meant. If it was not, they can still report it.',
  },
  workflow_lost: {
    meaning:
      "Temporal lost its workflow before the conversion was finished: Temporal's data was lost or restored, or somebody deleted the workflow. The worker restarted the workflow and parked the conversion.",
    action: `Abandon it if somebody deleted the workflow on purpose. Otherwise retry all conversions with this reason at once: a conversion that Impact has acknowledged is not sent again. ${LOOKED_UP_FIRST}`,
    retry: 'yes',
    outcome: perhaps('this service lost track of it halfway'),
    advice: LOOK_IT_UP,
  },
  start_refused: {
    meaning: 'Temporal refuses to start or signal its workflow, and would refuse the same request again.',
    action:
      "Read Temporal's words in the message. If a limit is too low, such as `limit.maxIDLength` (which must be 255 or more), raise it at Temporal, and then retry. A worker starts the workflow by itself within a quarter of an hour, and the conversion stays parked until a retry. If the limit cannot be raised, abandon the conversion: nothing of it was sent, so its order can be published again under a shorter order id.",
    retry: 'after_fix',
    outcome: notYet("a limit of this service's systems keeps it from being sent"),
    advice: NOT_LOST,
    adjustment: {
      meaning:
        'Temporal refuses to start or signal the workflow that would carry out the refund or the new amount.',
      action:
        "Read Temporal's words in the message. If a limit is too low, such as `limit.maxIDLength` (which must be 255 or more), raise it at Temporal, and then retry. If it cannot be raised, change the order at Impact by hand, and then abandon the adjustment.",
      outcome: notYet("a limit of this service's systems keeps it from being sent"),
      advice: 'If it is urgent, change the order in Impact by hand, and tell your engineers that you did.',
    },
  },
  report_in_flight: {
    meaning: 'Another attempt to report it was under way each time the worker tried.',
    action:
      'Check whether somebody reset its workflow again and again, and whether the clocks of the workers differ. Wait half a minute, and retry.',
    retry: 'yes',
    outcome: perhaps('several attempts to send it were under way at once'),
    advice: LOOK_IT_UP,
  },
} as const satisfies Record<string, ReasonRow>;
