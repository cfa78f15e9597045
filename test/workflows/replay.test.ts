import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { installRuntime } from '../support/runtime.js';
import { readHistory, recordedNames } from './histories.js';

/**
 * A parked conversion may wait for years, so today's workflow continues the histories of older versions. If one of these
 * tests fails, the change needs `patched`: docs/operations.md#changing-the-workflow.
 */
const names = await recordedNames();

/** What a replay of each history has found, by its name. */
const errors = new Map<string, Error | undefined>();

const CHANGED = 'an activity has another name';

beforeAll(async () => {
  installRuntime();
  const workflowBundle = { codePath: inject('workflowBundlePath') };
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories()))
    errors.set(workflowId, error);
});

async function* histories() {
  for (const name of names) yield { workflowId: name, history: await readHistory(name) };
  const history = JSON.stringify(await readHistory('confirmed'));
  const changed = history.replaceAll('"confirmSubmission"', '"somethingElse"');
  yield { workflowId: CHANGED, history: JSON.parse(changed) };
}

describe("today's code", () => {
  it.each(names)('goes on with a history of the past: %s', (name) => {
    expect(errors.has(name)).toBe(true);
    expect(errors.get(name)).toBeUndefined();
  });

  it('would be found out where it did something else than the history says', () => {
    expect(errors.get(CHANGED)).toBeInstanceOf(DeterminismViolationError);
  });
});

describe('the recorded paths', () => {
  it.each([
    'reported',
    'confirmed',
    'declined',
    'skipped',
    'looked-up',
    'timed-out',
    'unconfirmed',
    'parked',
    'retried',
    'turned-down',
    'abandoned',
    'cancelled',
    'reset',
    'terminated',
    'reversed',
    'amount-replaced',
    'audit',
    'waited',
    'erased',
  ])('have one that was %s', (name) => {
    expect(names).toContain(name);
  });
});
