import { z } from 'zod';
import { campaignSchema, defaultCampaigns } from './catalogue.js';
import type { Resource } from './resources.js';

const currency = z.string().regex(/^[A-Z]{3}$/);

/** Requests an hour; null: as many as one likes. */
const hourly = z.int().min(0).nullable();

const fields = {
  errorShape: z.enum(['general', 'v14']),
  /** 'auto' by the clock, 'manual' by `POST /_sandbox/process` alone. */
  processing: z.enum(['auto', 'manual']),
  /** How long a submission is Queued, and how long In Progress. */
  processingDelayMs: z.int().min(0),
  processingDurationMs: z.int().min(0),
  deduplication: z.enum(['on', 'off']),
  /** null: as long as the sandbox lives. */
  deduplicationWindowMs: z.int().positive().nullable(),
  campaigns: z.array(campaignSchema),
  /** From the creation of an action to the midnight at which it locks. */
  lockingDays: z.int().min(0),
  /** The share of an amount that is paid out. */
  payoutShare: z.number().min(0).max(1),
  accountCurrency: currency,
  /** What one unit of a currency is in the account's currency; amounts in others are left as they are. */
  exchangeRates: z.record(currency, z.number().positive()),
  /** What the account has configured beside the codes everybody has. */
  dispositionCodes: z.array(z.string().regex(/^\w+$/)),
  minPageSize: z.int().positive(),
  rateLimits: z.strictObject({ Conversions: hourly, APISubmissions: hourly, Actions: hourly }).partial(),
  rateLimitReset: z.enum(['delta', 'epoch']),
};

export const settingsSchema = z
  .strictObject(fields)
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, {
    error: 'No setting given',
    when: ({ issues }) => issues.length === 0,
  });

const optionsSchema = z.object(fields).partial();

export type Settings = z.output<z.ZodObject<typeof fields>> & { rateLimits: Record<Resource, number | null> };
export type SettingsChanges = z.output<typeof optionsSchema>;
export type SettingsInput = z.input<typeof optionsSchema>;

const defaults: Settings = {
  // Impact documents two shapes of a validation error, and not which one comes back.
  errorShape: 'general',
  processing: 'auto',
  processingDelayMs: 0,
  processingDurationMs: 0,
  deduplication: 'on',
  // "Registered within the OID deduplication window" [v14 Submissions OpenAPI]: its length is not documented.
  deduplicationWindowMs: null,
  campaigns: defaultCampaigns,
  // The example of the v14 Actions OpenAPI: created 2020-09-10, locked 2020-09-26T00:00:00, 0.88 paid out of 21.99 USD.
  lockingDays: 16,
  payoutShare: 0.04,
  accountCurrency: 'USD',
  exchangeRates: {},
  dispositionCodes: [],
  // "If specified, the smallest PageSize value is 2,000": https://integrations.impact.com/impact-brand/reference/list-all-actions
  minPageSize: 2000,
  // "1,000 requests per hour. Certain resources like Conversions are not limited.":
  // https://integrations.impact.com/impact-brand/reference/rate-limits, whose text and example disagree on the reset.
  rateLimits: { Conversions: null, APISubmissions: 1000, Actions: 1000 },
  rateLimitReset: 'delta',
};

export function createSettings(options: SettingsInput): Settings {
  const changes = optionsSchema.parse(options);
  const campaigns = changes.campaigns ? [] : defaults.campaigns;
  return changeSettings({ ...defaults, campaigns }, changes);
}

/** A campaign is added, or takes the place of the one with its id; a rate limit is that of its resource alone. */
export function changeSettings(settings: Settings, changes: SettingsChanges): Settings {
  const { campaigns = [], rateLimits, ...others } = changes;
  const ids = new Set(campaigns.map(({ campaignId }) => campaignId));
  const kept = settings.campaigns.filter(({ campaignId }) => !ids.has(campaignId));
  return Object.assign(settings, given(others), {
    campaigns: [...kept, ...campaigns],
    rateLimits: { ...settings.rateLimits, ...rateLimits },
  });
}

function given(changes: SettingsChanges): Partial<Settings> {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
