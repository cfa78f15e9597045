import { PARKED_HERE } from './park-reasons-here.js';
import {
  ALERT,
  LOOK_IT_UP,
  LOOKED_UP_FIRST,
  NOT_LOST,
  notYet,
  perhaps,
  type ReasonRow,
} from './reason-row.js';

/** The reasons of this service for which a conversion, or an adjustment of it, waits for a human. */
export const PARK_REASONS = {
  impact_refused: {
    meaning:
      'Impact refused it as it stands (HTTP 400, for example), and would refuse the same request again.',
    action:
      'Fix the field that Impact names, at Impact or here, and then retry. If Impact refuses one conversion, its data is wrong, for example its click id or its currency; abandon it if that cannot be fixed. If Impact refuses all conversions of an event, the `campaignId` or the `actionTrackerId` of the programme (`PROGRAMME_FILE`) is wrong, or somebody changed the programme at Impact.',
    retry: 'after_fix',
    outcome: notYet('Impact refused it, because something in it is wrong'),
    advice:
      'If you changed the programme in Impact lately, tell your engineers what you changed. They see which part Impact refused.',
  },
  credentials_rejected: {
    meaning:
      'Impact rejects the credentials (HTTP 401 or 403). Every conversion parks until they work again.',
    action:
      'Make sure that the token exists, and that it may create conversions. Set `IMPACT_ACCOUNT_SID` and `IMPACT_AUTH_TOKEN` for the worker, and restart it. Retry one conversion, and the others once it goes through.',
    retry: 'after_fix',
    outcome: notYet("Impact rejects this service's access"),
    advice: `If you changed or removed an access token in Impact, tell your engineers. ${NOT_LOST}`,
  },
  provider_not_configured: {
    meaning: 'The worker had no Impact credentials when it reached this conversion.',
    action:
      'Find the workers that log `provider_not_configured` when they start. Set `IMPACT_ACCOUNT_SID` and `IMPACT_AUTH_TOKEN` for them, and restart them. Then retry all with this reason (`retry --all --reason provider_not_configured`): that reports skipped ones, too.',
    retry: 'after_fix',
    outcome: notYet('this service had no access to Impact when it was to be sent'),
    advice: NOT_LOST,
    skipped: {
      outcome: 'It was not reported, because this service had no access to Impact when it was to be sent.',
      advice: 'Ask your engineers to report it: they can do so for 88 days after it happened.',
    },
  },
  impact_unavailable: {
    meaning: 'Impact answered with errors (HTTP 5xx), or broke the connection, for 48 hours.',
    action: `Retry once Impact works again: \`affiliate_impact_requests_total\` counts answers with status 200, or one retried conversion goes through. ${LOOKED_UP_FIRST}`,
    retry: 'yes',
    outcome: perhaps('Impact answered with errors, or not to the end, for two days'),
    advice: LOOK_IT_UP,
  },
  impact_unreachable: {
    meaning: 'The worker could not connect to Impact for 48 hours. Nothing was sent.',
    action:
      "Check the worker's network: DNS knows the host of `IMPACT_BASE_URL`, the firewall allows port 443, and no proxy is in the way. Then retry.",
    retry: 'after_fix',
    outcome: notYet('this service could not connect to Impact for two days'),
    advice: NOT_LOST,
  },
  impact_timeout: {
    meaning:
      'Impact did not answer in time, for as long as the worker tried. The request may have arrived, but the look-ups did not find the order.',
    action: `Retry once Impact answers again. ${LOOKED_UP_FIRST} If Impact is slow rather than down, raise \`IMPACT_TIMEOUT_MS\` (20,000 at most).`,
    retry: 'yes',
    outcome: perhaps('Impact did not answer in time, and does not list it'),
    advice: LOOK_IT_UP,
  },
  impact_rate_limited: {
    meaning: "Impact's rate limit turned the request away for 48 hours.",
    action:
      "Find out who uses up the account's limit, or lower `IMPACT_MAX_REQUESTS_PER_SECOND` (reports) or `IMPACT_MAX_READS_PER_HOUR` (confirmations). Then retry; retries keep to the limit, too.",
    retry: 'yes',
    outcome: notYet("Impact took no more requests from the company's account for two days"),
    advice: `If other tools read much from the same account, such as reports and exports, tell your engineers. ${NOT_LOST}`,
  },
  impact_unreadable: {
    meaning: 'The worker could not read the answer: it is probably the page of a proxy or a login portal.',
    action: `Check who answers at \`IMPACT_BASE_URL\`: the message has the beginning of the answer. If in doubt, unset \`IMPACT_BASE_URL\`. Then retry. ${LOOKED_UP_FIRST}`,
    retry: 'after_fix',
    outcome: perhaps('this service could not read the answer'),
    advice: LOOK_IT_UP,
  },
  worker_timeout: {
    meaning:
      'Workers began attempts, and did not finish one within 30 seconds. They died, or lacked memory or processor time.',
    action: `Check the workers' memory, and their logs for this \`conversionId\`. Then retry. ${LOOKED_UP_FIRST}`,
    retry: 'yes',
    outcome: perhaps('this service broke off while it sent it'),
    advice: LOOK_IT_UP,
  },
  unconfirmed: {
    meaning:
      'Impact queued it, and the worker could not find out whether Impact accepted it: Impact had not processed it after three days (by default), does not know the submission, or gives it a status that this version does not know.',
    action:
      'Look the order up at Impact. If it is there, retry: the worker asks Impact again, and finds it confirmed. If it is not there after a day, ask Impact about the submission in the timeline. A retry does not send the conversion again; if Impact lost it, abandon it, and settle it with the partner by hand.',
    retry: 'yes',
    outcome: `It was reported, and Impact has not said whether it accepts it. ${ALERT}`,
    advice:
      "Look the order up in Impact, and tell your engineers whether it is there. If it is not there after a day, ask Impact's support.",
    adjustment: {
      meaning: 'Impact queued the adjustment, and the worker could not find out whether Impact accepted it.',
      action:
        'Look the order up at Impact. A retry sends the adjustment again, which has the same effect as sending it once.',
      outcome: `It was sent to Impact, which has not said whether it accepts it. ${ALERT}`,
      advice: 'Look the order up in Impact, and tell your engineers whether it has changed there.',
    },
  },
  too_old: {
    meaning: 'It happened more than 88 days ago, and Impact would drop it without an error.',
    action:
      'Abandon it, and settle it with the partner by hand. Then find out why it waited for so long: the alert `OldestParkedConversion` fires in time.',
    retry: 'no',
    outcome: `It cannot be reported any more: it happened more than 88 days ago, and Impact takes nothing that old. ${ALERT}`,
    advice: 'Settle it with the partner by hand.',
  },
  ...PARKED_HERE,
  impact_rejected: {
    meaning: 'Impact rejected it, with a reason that does not look like one of its codes.',
    action: 'Ask Impact what the quoted reason means. Then retry, which sends it again, or abandon it.',
    retry: 'after_fix',
    outcome: `Impact rejected it, in words that this service does not know. ${ALERT}`,
    advice: "Ask your engineers for Impact's words, and Impact's support what they mean.",
  },
  locked: {
    meaning: 'Impact approved the action. After its locking date it cannot change, and the partner is paid.',
    action:
      'Settle it with the partner, or ask Impact. Then abandon the adjustment; the conversion keeps its status.',
    retry: 'no',
    outcome: `Impact had approved the commission already, and does not change it any more. ${ALERT}`,
    advice: 'Settle it with the partner by hand, or ask Impact.',
  },
  conversion_processing: {
    meaning:
      'A refund or a new amount waits until Impact has processed the conversion. Impact had not, for as long as the worker tried.',
    action: 'Look the order up at Impact. Retry once it is listed there as an action.',
    retry: 'yes',
    outcome: `Impact has not finished with the order itself, for as long as this service waited. ${ALERT}`,
    advice: 'Look the order up in Impact. Once it is there, ask your engineers to send the change again.',
  },
  unexpected_error: {
    meaning: 'An error occurred that this service does not expect. It is most likely a bug here.',
    action:
      "Read the message, and the error in the worker's log for this `conversionId`. Retry once, in case the error was temporary. If it comes again, give both to the developers, and retry when their fix is deployed.",
    retry: 'after_fix',
    outcome: perhaps('this service made an error that its developers did not expect'),
    advice: LOOK_IT_UP,
  },
} as const satisfies Record<string, ReasonRow>;
