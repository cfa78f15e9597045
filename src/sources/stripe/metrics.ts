import { Gauge, Registry } from 'prom-client';
import type { MetricsSource } from '../../metrics-endpoint.js';
import type { Database } from '../../mongo.js';
import { HELD_REASONS, type HeldReason } from './kept-object.model.js';

/** Read at each scrape. Every worker reports the same values. */
export function createStripeMetrics({ stripeObjects }: Database): MetricsSource {
  return {
    name: 'stripe',
    async read() {
      const registry = new Registry();
      const held = new Gauge({
        name: 'affiliate_stripe_held',
        help: `What Stripe's events say of sales and refunds, and waits, by reason: ${Object.keys(HELD_REASONS).join(', ')}.`,
        labelNames: ['reason'],
        registers: [registry],
      });
      for (const reason of Object.keys(HELD_REASONS))
        held.set({ reason }, await stripeObjects.countDocuments({ held: reason as HeldReason }));
      return registry.metrics();
    },
  };
}
