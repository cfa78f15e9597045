import { expect, it } from 'vitest';
import { countActions } from '../support/count-actions.js';
import { historyOfSignup } from '../support/history-of-signup.js';
import type { StackOptions } from '../support/stack.js';

/** What a signup that goes through costs at Temporal. */
it.concurrent.each<[string, StackOptions, { events: number; actions: number }]>([
  ['reported', {}, { events: 13, actions: 3 }],
  ['confirmed', { confirmAfterMs: 100 }, { events: 24, actions: 5 }],
])('a signup that is %s costs no more events and Actions than it has to', async (_, options, cost) => {
  const history = await historyOfSignup(options);
  expect({ events: history.events?.length, actions: countActions(history) }).toEqual(cost);
});
