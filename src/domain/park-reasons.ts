/** Why something waits for a human, in plain words, and what that human can do: one row for each park reason. */
export interface ParkAdvice {
  happened: string;
  todo: string;
}

const OUTAGE = 'Retry once Impact is well again. What may have arrived is looked up before it is sent again.';

export const PARK_ADVICE: Readonly<Record<string, ParkAdvice>> = {
  impact_refused: {
    happened: 'Impact refused it as it stands, and would refuse the same again.',
    todo: 'Mend what Impact names, at Impact or here, and then retry.',
  },
  credentials_rejected: {
    happened: "Impact did not accept this service's credentials.",
    todo: 'Give the worker the account and a token that may do this (`IMPACT_ACCOUNT_SID`, `IMPACT_AUTH_TOKEN`), and then retry.',
  },
  provider_not_configured: {
    happened: 'This worker has no credentials of Impact, and so cannot ask what became of it.',
    todo: 'Give the worker `IMPACT_ACCOUNT_SID` and `IMPACT_AUTH_TOKEN`, and then retry.',
  },
  impact_unavailable: { happened: 'Impact failed, for as long as it was tried.', todo: OUTAGE },
  impact_unreachable: {
    happened: 'No connection to Impact came about, for as long as it was tried. Nothing was sent.',
    todo: 'Look whether the worker may reach Impact (DNS, firewall, `IMPACT_BASE_URL`), and then retry.',
  },
  impact_timeout: {
    happened: 'Impact never answered in time, so it may have arrived; but looked up, it was not there.',
    todo: OUTAGE,
  },
  impact_rate_limited: {
    happened: "Impact's rate limit was reached, for as long as it was tried.",
    todo: 'Find who uses the limit up, or lower `IMPACT_MAX_REQUESTS_PER_SECOND`, and then retry.',
  },
  impact_unreadable: {
    happened: 'What answered in the place of Impact could not be read; it may be a proxy.',
    todo: 'Look who answers at `IMPACT_BASE_URL`, and then retry. What may have arrived is looked up first.',
  },
  worker_timeout: {
    happened: 'Workers began attempts, and never finished one.',
    todo: "Look at the workers' logs and memory, and then retry. What may have arrived is looked up first.",
  },
  unconfirmed: {
    happened: 'Impact took it into its queue, and never said what became of it.',
    todo: 'Look the order up at Impact. A retry asks Impact again, and does not send a conversion again; a refund or an amount is sent again, which does the same as once.',
  },
  too_old: {
    happened: 'It happened so long ago that Impact would drop it.',
    todo: 'Nothing will make Impact take it by this way: abandon it, and settle it with the partner by hand.',
  },
  no_attribution: {
    happened: 'The ledger has lost the click that it belongs to.',
    todo: 'Find out who changed the document in `conversions`; retry once the click is back, or abandon it.',
  },
  unknown_campaign_event: {
    happened: 'The deployed version does not know its campaign event.',
    todo: 'Deploy a version that knows the event, and then retry.',
  },
  conversion_not_found: {
    happened: 'The ledger does not have it.',
    todo: 'Find out what became of the document in `conversions`; retry once it is back, or abandon it.',
  },
  workflow_terminated: {
    happened: 'Somebody terminated its workflow before it was finished, and it was started again to wait.',
    todo: 'Ask who terminated it, and why. A retry goes on; what Impact has taken is not sent again.',
  },
  workflow_lost: {
    happened: 'Temporal had lost its workflow before it was finished, and it was started again to wait.',
    todo: "Find out whether Temporal's data was lost, or somebody deleted the workflow. A retry goes on; what Impact has taken is not sent again.",
  },
  report_in_flight: {
    happened: 'Another attempt to report it was under way each time.',
    todo: 'See whether its workflow was reset again and again, and then retry.',
  },
  impact_rejected: {
    happened:
      'Impact took it into its queue and turned it down, with a reason that is not in the form of its codes.',
    todo: 'Ask Impact what the reason means; then retry, which sends it again, or abandon it.',
  },
  locked: {
    happened:
      'Impact has approved the action: after its locking date it can no longer be changed, and the partner is paid.',
    todo: 'Settle it with the partner, or ask Impact; then abandon the change.',
  },
  adjustment_not_found: {
    happened: 'The ledger does not have the refund or the amount that this workflow was to carry out.',
    todo: 'Find out who changed the document in `conversions`; retry once it is back, or abandon it.',
  },
  conversion_processing: {
    happened: 'Impact had not processed the conversion itself for as long as it was tried.',
    todo: 'Look the order up at Impact, and then retry.',
  },
  unexpected_error: {
    happened: 'This service met an error that nobody foresaw.',
    todo: "Look for it in the worker's log. Retry once the mend is deployed.",
  },
};

/** The codes without a row are Impact's own, of what it queued first and turned down later. */
const TURNED_DOWN: ParkAdvice = {
  happened: 'Impact took it into its queue, and then turned it down.',
  todo: "Where a retry can help, mend what Impact's code names, and then retry, which sends it again. Otherwise abandon it.",
};

export function parkAdvice(reason: string): ParkAdvice {
  return PARK_ADVICE[reason] ?? TURNED_DOWN;
}
