import { z } from 'zod';

/** Requests an hour; null means no limit. */
const hourly = z.int().min(0).nullable();

const settings = z.strictObject({
  // Impact documents two shapes of a validation error, but not which one its API sends.
  errorShape: z.enum(['general', 'v14']),
  deduplication: z.enum(['on', 'off']),
  /** What one unit of a currency is worth in the account's currency. Without a rate an amount stays as it is. */
  exchangeRates: z.record(z.string(), z.number().positive()),
  rateLimits: z.strictObject({ Conversions: hourly, APISubmissions: hourly, Actions: hourly }),
});

export const settingsSchema = settings.partial();
export type SettingsChanges = z.infer<typeof settingsSchema>;
export type Settings = z.infer<typeof settings>;

export const DEFAULT_SETTINGS: Settings = {
  errorShape: 'general',
  deduplication: 'on',
  exchangeRates: {},
  // "1,000 requests per hour. Certain resources like Conversions are not limited.":
  // https://integrations.impact.com/impact-brand/reference/rate-limits
  rateLimits: { Conversions: null, APISubmissions: 1000, Actions: 1000 },
};
