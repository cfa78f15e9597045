import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { createLogger } from '../../src/logger.js';
import { scanLedger } from '../../src/temporal/watch.js';
import { insertPending, tooLongId } from '../support/pending-conversion.js';
import { QUICK_WATCH, type Stack, startStack } from '../support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ worker: false });
});
afterAll(() => stack.stop());

it('the scan starts what Temporal takes again, and says nothing about a workflow that it still refuses', async () => {
  const { db, temporal } = stack;
  const refused = { status: 'parked', reason: 'start_refused' } as const;
  const { _id: tooLong } = await insertPending(db, { _id: tooLongId('scanned'), ...refused });
  const { _id: taken } = await insertPending(db, refused);
  const lines: string[] = [];
  const logger = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
  const stopping = new AbortController();
  const list = vi.spyOn(temporal.workflow, 'list');
  const deps = {
    db,
    temporal,
    programme,
    logger,
    deadlineMs: 5_000,
    confirmAfterMs: null,
    confirmWithinMs: 60_000,
  };
  const scanning = scanLedger(deps, { ...QUICK_WATCH, signal: stopping.signal });
  await expect.poll(() => list.mock.calls.length).toBeGreaterThan(1);
  stopping.abort();
  await scanning;
  expect(await stack.conversion(tooLong)).toMatchObject({ ...refused, timeline: [] });
  expect((await temporal.workflow.getHandle(workflowId(taken)).describe()).status.name).toBe('RUNNING');
  expect(lines.filter((line) => line.includes(tooLong))).toEqual([]);
  expect(lines.join('')).not.toContain('reconcile_failed');
});
