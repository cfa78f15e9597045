import type { z } from 'zod';
import type { Programme } from './domain/programme/programme.js';
import type { apiSchema } from './environment.js';
import type { StripeConfig } from './sources/stripe/deps.js';
import { ConfigError } from './variables.js';

/** @throws ConfigError where it is open of which campaign event an invoice is a sale */
export function stripeConfig(env: z.output<typeof apiSchema>, { all }: Programme): StripeConfig | null {
  const { STRIPE_WEBHOOK_SECRET: secrets, STRIPE_SALE_EVENT: wanted, STRIPE_AMOUNT: amount } = env;
  if (secrets.length === 0) return null;
  const sales = all.filter(({ type, id }) => type === 'sale' && (wanted === undefined || id === wanted));
  const [saleEvent, ...others] = sales;
  if (saleEvent && others.length === 0) return { secrets, saleEvent, amount };
  const ids = all.filter(({ type }) => type === 'sale').map(({ id }) => id);
  throw new ConfigError([
    `STRIPE_SALE_EVENT: must be the campaign event of a sale. The programme has: ${ids.join(', ') || 'none'}`,
  ]);
}
