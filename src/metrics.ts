import { Counter, collectDefaultMetrics, Registry } from 'prom-client';

export interface Metrics {
  registry: Registry;
  /** Click id headers that were not click ids: the request went on without. */
  clickIdsIgnored: Counter<'reason'>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const clickIdsIgnored = new Counter({
    name: 'affiliate_click_ids_ignored_total',
    help: 'Click id headers that were ignored, by reason: empty, malformed, repeated.',
    labelNames: ['reason'],
    registers: [registry],
  });
  return { registry, clickIdsIgnored };
}
