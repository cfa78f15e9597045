import { createActions } from './actions.js';
import { createOutcomes } from './outcomes.js';
import { createReceived } from './received.js';
import { DEFAULT_SETTINGS, type SettingsChanges } from './settings.js';
import { createSubmissions } from './submissions.js';

export type SandboxState = ReturnType<typeof createState>;

/** Everything that the sandbox knows. All of it is in memory. */
export function createState(changes: SettingsChanges) {
  return {
    settings: Object.assign({ ...DEFAULT_SETTINGS }, changes),
    received: createReceived(),
    submissions: createSubmissions(),
    outcomes: createOutcomes(),
    actions: createActions(),
  };
}
