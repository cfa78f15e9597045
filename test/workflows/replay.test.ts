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

beforeAll(installRuntime);

function replay(history: unknown): Promise<void> {
  const workflowBundle = { codePath: inject('workflowBundlePath') };
  return Worker.runReplayHistory({ workflowBundle }, history, 'recorded');
}

describe("today's code", () => {
  it.each(names)('goes on with a history of the past: %s', async (name) => {
    await expect(replay(await readHistory(name))).resolves.toBeUndefined();
  });

  it('would be found out where it did something else than the history says', async () => {
    const history = JSON.stringify(await readHistory('confirmed'));
    const another = JSON.parse(history.replaceAll('"confirmSubmission"', '"somethingElse"'));
    await expect(replay(another)).rejects.toThrow(DeterminismViolationError);
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
  ])('have one that was %s', (name) => {
    expect(names).toContain(name);
  });
});
