import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof createMetrics>;

/** Counters of a process. src/metrics-endpoint.ts adds the values that are read at each scrape. */
export function createMetrics() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    ...ledgerMetrics(registers),
    ...apiMetrics(registers),
    ...impactMetrics(registers),
    scrapeErrors: new Counter({
      name: 'affiliate_scrape_errors_total',
      help: 'Parts of this page that could not be read and are missing: ledger, signups, audit, stripe, temporal.',
      labelNames: ['source'],
      registers,
    }),
  };
}

function ledgerMetrics(registers: Registry[]) {
  return {
    /** Status changes of conversions, counted where the ledger writes them. */
    conversions: new Counter({
      name: 'affiliate_conversions_total',
      help: 'Conversions by campaign event and the status that they reached; a retried one may reach it again.',
      labelNames: ['event', 'outcome'],
      registers,
    }),
    adjustments: new Counter({
      name: 'affiliate_adjustments_total',
      help: 'Requested adjustments by campaign event and kind: reversal, raise, reduction.',
      labelNames: ['event', 'kind'],
      registers,
    }),
    amounts: new Counter({
      name: 'affiliate_amount_total',
      help: 'Sum of the amounts that were published, raised, reduced or reversed, in major units of the currency.',
      labelNames: ['event', 'currency', 'change'],
      registers,
    }),
  };
}

function apiMetrics(registers: Registry[]) {
  return {
    clickIdsIgnored: new Counter({
      name: 'affiliate_click_ids_ignored_total',
      help: 'Click id headers that were ignored, by reason: empty, malformed, repeated (also: joined by a comma), impersonated; not_stored: of a known user, whose click it is not.',
      labelNames: ['reason'],
      registers,
    }),
    apiRequestSeconds: new Histogram({
      name: 'affiliate_api_request_duration_seconds',
      help: 'Requests to the API by route and status; route "none": no such route; status "aborted": the caller closed the connection; status "token_key_pending": 503 to a token with an unknown key.',
      labelNames: ['method', 'route', 'status'],
      // A signup's transaction takes about 40 ms on a busy machine.
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
      registers,
    }),
    stripeEvents: new Counter({
      name: 'affiliate_stripe_events_total',
      help: 'Signed events of Stripe by type (other: this service does not read it) and result: recorded, held, ignored.',
      labelNames: ['type', 'result'],
      registers,
    }),
    requestsRefused: new Counter({
      name: 'affiliate_api_requests_refused_total',
      help: 'Requests refused by a rate limit (user, machine, address), and connections refused by their limit (connections).',
      labelNames: ['limit'],
      registers,
    }),
    /** With a label, so that only the API, which sets it, shows it. */
    issuerKeysTimestamp: new Gauge({
      name: 'affiliate_issuer_keys_timestamp_seconds',
      help: "When the API last fetched the issuer's keys; 0: never.",
      labelNames: ['issuer'],
      registers,
    }),
  };
}

function impactMetrics(registers: Registry[]) {
  return {
    impactRequests: new Counter({
      name: 'affiliate_impact_requests_total',
      help: 'Requests to Impact by resource and HTTP status, or the reason why there was no answer.',
      labelNames: ['resource', 'method', 'status'],
      registers,
    }),
    impactRequestSeconds: new Histogram({
      name: 'affiliate_impact_request_duration_seconds',
      help: 'Duration of requests to Impact, to the last byte of the answer.',
      labelNames: ['resource', 'method'],
      // The client's time limit is at most 20 s.
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20],
      registers,
    }),
  };
}

/** Without a label it is shown from its creation, so only the worker creates it. */
export function showImpactConfigured({ registry }: Pick<Metrics, 'registry'>, isConfigured: boolean): void {
  new Gauge({
    name: 'affiliate_impact_configured',
    help: 'Whether this worker has Impact credentials: 1, or 0 if it skips all conversions.',
    registers: [registry],
  }).set(isConfigured ? 1 : 0);
}
