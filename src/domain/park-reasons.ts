import type { ReasonRow } from './reasons.js';

const LOOKED_UP_FIRST = 'A request that may have arrived is looked up at Impact before it is sent again.';

/** The reasons of this service for which a conversion, or an adjustment of it, waits for a human. */
export const PARK_REASONS = {
  impact_refused: {
    meaning:
      'Impact refused it as it stands (HTTP 400, for example), and would refuse the same request again.',
    action:
      'Fix the field that Impact names, at Impact or here, and then retry. If Impact refuses one conversion, its data is wrong, for example its click id or its currency; abandon it if that cannot be fixed. If Impact refuses all conversions of an event, the `campaignId` or the `actionTrackerId` of the programme (`PROGRAMME_FILE`) is wrong, or somebody changed the programme at Impact.',
    retry: 'after_fix',
  },
  credentials_rejected: {
    meaning:
      'Impact rejects the credentials (HTTP 401 or 403). Every conversion parks until they work again.',
    action:
      'Make sure that the token exists, and that it may create conversions. Set `IMPACT_ACCOUNT_SID` and `IMPACT_AUTH_TOKEN` for the worker, and restart it. Retry one conversion, and the others once it goes through.',
    retry: 'after_fix',
  },
  provider_not_configured: {
    meaning: 'The worker had no Impact credentials when it reached this conversion.',
    action:
      'Find the workers that log `provider_not_configured` when they start. Set `IMPACT_ACCOUNT_SID` and `IMPACT_AUTH_TOKEN` for them, and restart them. Then retry all with this reason (`retry --all --reason provider_not_configured`): that reports what was skipped, too.',
    retry: 'after_fix',
  },
  impact_unavailable: {
    meaning: 'Impact answered with errors (HTTP 5xx), or broke the connection, for 48 hours.',
    action: `Retry once Impact works again: \`affiliate_impact_requests_total\` counts answers with status 200, or one retried conversion goes through. ${LOOKED_UP_FIRST}`,
    retry: 'yes',
  },
  impact_unreachable: {
    meaning: 'The worker could not connect to Impact for 48 hours. Nothing was sent.',
    action:
      "Check the worker's network: DNS knows the host of `IMPACT_BASE_URL`, the firewall allows port 443, and no proxy is in the way. Then retry.",
    retry: 'after_fix',
  },
  impact_timeout: {
    meaning:
      'Impact did not answer in time, for as long as the worker tried. The request may have arrived, but the look-ups did not find the order.',
    action: `Retry once Impact answers again. ${LOOKED_UP_FIRST} If Impact is slow rather than down, raise \`IMPACT_TIMEOUT_MS\` (20,000 at most).`,
    retry: 'yes',
  },
  impact_rate_limited: {
    meaning: "Impact's rate limit turned the request away for 48 hours.",
    action:
      "Find out who uses up the account's limit, or lower `IMPACT_MAX_REQUESTS_PER_SECOND` (reports) or `IMPACT_MAX_READS_PER_HOUR` (confirmations). Then retry; retries keep to the limit, too.",
    retry: 'yes',
  },
  impact_unreadable: {
    meaning: 'The worker could not read the answer: it is probably the page of a proxy or a login portal.',
    action: `Check who answers at \`IMPACT_BASE_URL\`: the message has the beginning of the answer. If in doubt, unset \`IMPACT_BASE_URL\`. Then retry. ${LOOKED_UP_FIRST}`,
    retry: 'after_fix',
  },
  worker_timeout: {
    meaning:
      'Workers began attempts, and did not finish one within 30 seconds. They died, or lacked memory or processor time.',
    action: `Check the workers' memory, and their logs for this \`conversionId\`. Then retry. ${LOOKED_UP_FIRST}`,
    retry: 'yes',
  },
  unconfirmed: {
    meaning:
      'Impact queued it, and the worker could not find out whether Impact accepted it: Impact had not processed it after three days (by default), does not know the submission, or gives it a status that this version does not know.',
    action:
      'Look the order up at Impact. If it is there, retry: the worker asks Impact again, and finds it confirmed. If it is not there after a day, ask Impact about the submission in the timeline. A retry does not send the conversion again; if Impact lost it, abandon it, and settle it with the partner by hand.',
    retry: 'yes',
    adjustment: {
      meaning: 'Impact queued the adjustment, and the worker could not find out whether Impact accepted it.',
      action:
        'Look the order up at Impact. A retry sends the adjustment again, which has the same effect as sending it once.',
    },
  },
  too_old: {
    meaning: 'It happened more than 88 days ago, and Impact would drop it without an error.',
    action:
      'Abandon it, and settle it with the partner by hand. Then find out why it waited for so long: the alert `OldestParkedConversion` fires in time.',
    retry: 'no',
  },
  no_attribution: {
    meaning:
      'There is no click, so there is no partner to credit: the user came without a click id, or somebody removed the click from the ledger.',
    action:
      "If it is skipped: nothing, if the user came without a partner; otherwise check that the website forwards its visitors' click ids. If it is parked: the ledger had a click when it was recorded, so find out who changed its document in `conversions`. Restore `attribution` from a backup and retry, or abandon it.",
    retry: 'after_fix',
  },
  unknown_campaign_event: {
    meaning:
      'The programme of the worker does not have its campaign event: somebody removed or renamed the event, or an old worker runs beside a new one.',
    action:
      'Put the event back into the programme (PROGRAMME_FILE) of all workers, restart them, and then retry.',
    retry: 'after_fix',
  },
  conversion_not_found: {
    meaning:
      'Temporal has a workflow for it, and the ledger has no document: a backup was restored, the worker uses another database, or somebody deleted the document.',
    action:
      'Check that the `MONGODB_URI` of the worker and that of the API name the same database. Retry once the document is back, or abandon it. While it is missing, only the signals of Temporal work; the commands and the API do not find it.',
    retry: 'after_fix',
  },
  workflow_terminated: {
    meaning:
      'Its workflow was terminated, or failed, before the conversion was finished. The worker restarted the workflow and parked the conversion.',
    action:
      'The message names who terminated it. Ask them whether the conversion was to end. If it was, abandon it. If not, retry: a conversion that Impact has acknowledged is not sent again.',
    retry: 'yes',
  },
  workflow_lost: {
    meaning:
      "Temporal lost its workflow before the conversion was finished: Temporal's data was lost or restored, or somebody deleted the workflow. The worker restarted the workflow and parked the conversion.",
    action: `Abandon it if somebody deleted the workflow on purpose. Otherwise retry all conversions with this reason at once: a conversion that Impact has acknowledged is not sent again. ${LOOKED_UP_FIRST}`,
    retry: 'yes',
  },
  start_refused: {
    meaning: 'Temporal refuses to start or signal its workflow, and would refuse the same request again.',
    action:
      "Read Temporal's words in the message. If a limit is too low, such as `limit.maxIDLength` (which must be 255 or more), raise it at Temporal, and then retry. A worker starts the workflow by itself within a quarter of an hour, and the conversion stays parked until a retry. If the limit cannot be raised, abandon the conversion: nothing of it was sent, so its order can be published again under a shorter order id.",
    retry: 'after_fix',
    adjustment: {
      meaning:
        'Temporal refuses to start or signal the workflow that would carry out the refund or the new amount.',
      action:
        "Read Temporal's words in the message. If a limit is too low, such as `limit.maxIDLength` (which must be 255 or more), raise it at Temporal, and then retry. If it cannot be raised, change the order at Impact by hand, and then abandon the adjustment.",
    },
  },
  report_in_flight: {
    meaning: 'Another attempt to report it was under way each time the worker tried.',
    action:
      'Check whether somebody reset its workflow again and again, and whether the clocks of the workers differ. Wait half a minute, and retry.',
    retry: 'yes',
  },
  impact_rejected: {
    meaning: 'Impact rejected it, with a reason that does not look like one of its codes.',
    action: 'Ask Impact what the quoted reason means. Then retry, which sends it again, or abandon it.',
    retry: 'after_fix',
  },
  locked: {
    meaning: 'Impact approved the action. After its locking date it cannot change, and the partner is paid.',
    action:
      'Settle it with the partner, or ask Impact. Then abandon the adjustment; the conversion keeps its status.',
    retry: 'no',
  },
  conversion_processing: {
    meaning:
      'A refund or a new amount waits until Impact has processed the conversion. Impact had not, for as long as the worker tried.',
    action: 'Look the order up at Impact. Retry once it is listed there as an action.',
    retry: 'yes',
  },
  unexpected_error: {
    meaning: 'An error occurred that this service does not expect. It is most likely a bug here.',
    action:
      "Read the message, and the error in the worker's log for this `conversionId`. Retry once, in case the error was temporary. If it comes again, give both to the developers, and retry when their fix is deployed.",
    retry: 'after_fix',
  },
} as const satisfies Record<string, ReasonRow>;
