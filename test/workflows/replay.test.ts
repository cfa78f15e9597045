import { Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, inject, it } from 'vitest';
import { installRuntime } from '../support/runtime.js';
import { readHistory, recordedNames } from './histories.js';

/**
 * Conversions stay parked for as long as it takes, so the workflow of today goes on with the histories of long ago.
 * Where one of these fails, the change needs `patched`: docs/operations.md#changing-the-workflow.
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
    'skipped',
    'parked',
    'retried',
    'abandoned',
    'cancelled',
    'reset',
    'terminated',
    'reversal',
    'audit',
  ])('have one that was %s', (name) => {
    expect(names).toContain(name);
  });
});
