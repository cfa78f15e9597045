import { z } from 'zod';
import type { Action } from './actions.js';
import { applyLine, type JournalEntry, openJournal } from './journal.js';
import { createOutcomes } from './outcomes.js';
import type { ReceivedRequest } from './received.js';
import { createSubmissions } from './submissions.js';

/** Requests an hour; null means no limit. */
const hourly = z.int().min(0).nullable();

const settingsSchema = z.strictObject({
  // Impact documents two shapes of a validation error, but not which one its API sends.
  errorShape: z.enum(['general', 'v14']).default('general'),
  deduplication: z.enum(['on', 'off']).default('on'),
  /** What one unit of a currency is worth in the account's currency. Without a rate an amount stays as it is. */
  exchangeRates: z.record(z.string(), z.number().positive()).default({}),
  /** The event types (ActionTrackerId) of each campaign of the account. The default has those of the built-in programme. */
  programmes: z
    .record(z.string().regex(/^[1-9]\d*$/), z.array(z.int().positive()))
    .default({ 48046: [68897, 99999] }),
  // "1,000 requests per hour. Certain resources like Conversions are not limited.":
  // https://integrations.impact.com/impact-brand/reference/rate-limits
  rateLimits: z
    .strictObject({ Conversions: hourly, APISubmissions: hourly, Actions: hourly })
    .default({ Conversions: null, APISubmissions: 1000, Actions: 1000 }),
  // Impact needs up to half an hour until an Action appears:
  // https://integrations.impact.com/integration-guides/end-to-end-tests
  processingMs: z.int().min(0).default(0),
});

export type Settings = z.output<typeof settingsSchema>;
export type SettingsChanges = z.input<typeof settingsSchema>;
export type SandboxState = ReturnType<typeof createState>;

/**
 * Everything that the sandbox knows. A journal that has lines continues where it ended, with the settings that it ended
 * with: they may have been changed after the start, and a restart is no change. The given settings are those of a new journal.
 */
export function createState(given: SettingsChanges, journal = openJournal()) {
  const state = {
    settings: settingsSchema.parse(given),
    /** In the order of arrival. */
    requests: [] as ReceivedRequest[],
    actions: [] as Action[],
    submissions: createSubmissions(),
    outcomes: createOutcomes(),
    /** Nothing else changes what must survive a restart. */
    record(entry: JournalEntry): void {
      applyLine(state, journal.append(entry));
    },
    change(changes: SettingsChanges): Settings {
      const settings = settingsSchema.parse({ ...state.settings, ...changes });
      state.record({ settings });
      return settings;
    },
  };
  for (const line of journal.earlierLines) applyLine(state, line);
  if (journal.earlierLines.length === 0) state.record({ settings: state.settings });
  return state;
}
