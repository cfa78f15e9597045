import { expect, vi } from 'vitest';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import { createLogger } from '../../src/logger.js';
import type { watchEnded } from '../../src/temporal/watch.js';
import { QUICK_WATCH, type Stack } from './stack.js';

/** Lets a watch of the worker look at least once. @returns its log */
export async function logOfWatch(
  watch: typeof watchEnded,
  { db, temporal }: Stack,
  confirmAfterMs: number | null,
): Promise<string[]> {
  const lines: string[] = [];
  const logger = createLogger('info', { destination: { write: (line) => void lines.push(line) } });
  const stopping = new AbortController();
  const list = vi.spyOn(temporal.workflow, 'list');
  const follow = { confirmAfterMs, confirmWithinMs: 60_000 };
  const deps = { db, temporal, programme, logger, deadlineMs: 5_000, ...follow };
  const watching = watch(deps, { ...QUICK_WATCH, signal: stopping.signal });
  await expect.poll(() => list.mock.calls.length).toBeGreaterThan(1);
  stopping.abort();
  await watching;
  list.mockRestore();
  return lines;
}
