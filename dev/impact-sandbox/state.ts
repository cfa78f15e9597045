import { z } from 'zod';
import type { Action } from './actions.js';
import type { ReceivedConversion, ReceivedRequest } from './received.js';
import { createOutcomes, createSubmissions } from './submissions.js';

/** Requests an hour; null means no limit. */
const hourly = z.int().min(0).nullable();

const settingsSchema = z.strictObject({
  // Impact documents two shapes of a validation error, but not which one its API sends.
  errorShape: z.enum(['general', 'v14']).default('general'),
  deduplication: z.enum(['on', 'off']).default('on'),
  /** What one unit of a currency is worth in the account's currency. Without a rate an amount stays as it is. */
  exchangeRates: z.record(z.string(), z.number().positive()).default({}),
  // "1,000 requests per hour. Certain resources like Conversions are not limited.":
  // https://integrations.impact.com/impact-brand/reference/rate-limits
  rateLimits: z
    .strictObject({ Conversions: hourly, APISubmissions: hourly, Actions: hourly })
    .default({ Conversions: null, APISubmissions: 1000, Actions: 1000 }),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsChanges = z.input<typeof settingsSchema>;
export type SandboxState = ReturnType<typeof createState>;

/** Everything that the sandbox knows. All of it is in memory. */
export function createState(changes: SettingsChanges) {
  return {
    settings: settingsSchema.parse(changes),
    /** In the order of arrival. */
    requests: [] as ReceivedRequest[],
    conversions: [] as ReceivedConversion[],
    actions: [] as Action[],
    submissions: createSubmissions(),
    outcomes: createOutcomes(),
    change(more: SettingsChanges): Settings {
      this.settings = settingsSchema.parse({ ...this.settings, ...more });
      return this.settings;
    },
  };
}
