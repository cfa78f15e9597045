import { createActions } from './actions/actions.js';
import { createClock } from './clock.js';
import { createReceived } from './received.js';
import { createSettings, type SettingsInput } from './settings.js';
import { createOutcomes } from './submissions/outcomes.js';
import { createSubmissions } from './submissions/submissions.js';

export type SandboxState = ReturnType<typeof createState>;

/** Everything the sandbox knows, all of it in memory. */
export function createState(options: SettingsInput, now: () => number) {
  const received = createReceived();
  const submissions = createSubmissions();
  const actions = createActions();
  return {
    settings: createSettings(options),
    clock: createClock(now),
    outcomes: createOutcomes(),
    received,
    submissions,
    actions,

    /** As if the order, or every order, had never been sent. */
    forget(orderId?: string): void {
      received.clear(orderId);
      submissions.clear(orderId);
      actions.clear(orderId);
    },
  };
}
