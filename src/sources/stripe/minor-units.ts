/**
 * Stripe counts in the minor unit of ISO 4217, but for these: two decimals that ISO 4217 does not have, or none where it has two.
 * https://docs.stripe.com/currencies (zero-decimal currencies, special cases)
 */
const FACTORS: ReadonlyMap<string, number> = new Map([
  ['ISK', 0.01],
  ['UGX', 0.01],
  ['MGA', 100],
]);

/** An amount of Stripe in the currency's minor unit of ISO 4217. */
export function isoMinorUnits(amount: number, currency: string): number {
  return Math.round(amount * (FACTORS.get(currency.toUpperCase()) ?? 1));
}
