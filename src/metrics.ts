import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

/** What a process counts as it happens. What is read when Prometheus asks: src/metrics-endpoint.ts. */
export interface Metrics {
  registry: Registry;
  /** Click id headers that were not click ids: the request went on without. */
  clickIdsIgnored: Counter<'reason'>;
  /** Steps of conversions, each counted where the ledger takes it. */
  conversions: Counter<'event' | 'outcome'>;
  apiRequestSeconds: Histogram<'method' | 'route' | 'status'>;
  impactRequests: Counter<'resource' | 'method' | 'status'>;
  impactRequestSeconds: Histogram<'resource' | 'method'>;
  scrapeErrors: Counter<'source'>;
}

/** The transaction of a signup takes some 40 ms on a busy machine. */
const API_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The client gives up after 20 s at most. */
const IMPACT_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    clickIdsIgnored: new Counter({
      name: 'affiliate_click_ids_ignored_total',
      help: 'Click id headers that were ignored, by reason: empty, malformed, repeated.',
      labelNames: ['reason'],
      registers,
    }),
    conversions: new Counter({
      name: 'affiliate_conversions_total',
      help: 'Conversions by campaign event and the status that they have come to; a retried one may come to it again.',
      labelNames: ['event', 'outcome'],
      registers,
    }),
    apiRequestSeconds: new Histogram({
      name: 'affiliate_api_request_duration_seconds',
      help: 'Requests to the API by route and status; "none" is no route, "aborted" a caller that did not wait.',
      labelNames: ['method', 'route', 'status'],
      buckets: API_SECONDS,
      registers,
    }),
    impactRequests: new Counter({
      name: 'affiliate_impact_requests_total',
      help: 'Requests to Impact by resource and HTTP status, or why there was no answer.',
      labelNames: ['resource', 'method', 'status'],
      registers,
    }),
    impactRequestSeconds: new Histogram({
      name: 'affiliate_impact_request_duration_seconds',
      help: "How long Impact's answers took, to their last byte.",
      labelNames: ['resource', 'method'],
      buckets: IMPACT_SECONDS,
      registers,
    }),
    scrapeErrors: new Counter({
      name: 'affiliate_scrape_errors_total',
      help: 'Parts of this page that could not be read and are missing from it: ledger, audit, temporal.',
      labelNames: ['source'],
      registers,
    }),
  };
}
