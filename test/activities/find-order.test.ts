import { EventEmitter, once } from 'node:events';
import { MockActivityEnvironment } from '@temporalio/testing';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findActionOf } from '../../activities/find-order.js';
import { defaultProgramme as programme } from '../../src/domain/programme/default-programme.js';
import type { ImpactClient } from '../../src/impact/client.js';
import { pendingConversion } from '../support/pending-conversion.js';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

it('says that its worker lives while Impact takes its time', async () => {
  const environment = new MockActivityEnvironment();
  const heartbeats = vi.fn();
  environment.on('heartbeat', heartbeats);
  const impact = new EventEmitter();
  const answers = once(impact, 'answer').then(() => null);
  const client = { findAction: () => answers } as Partial<ImpactClient> as ImpactClient;
  const deps = { programme, impact: client };
  const found = environment.run(() => findActionOf(deps, pendingConversion(), new Date()));
  await vi.advanceTimersByTimeAsync(30_000);
  expect(heartbeats).toHaveBeenCalledTimes(3);
  impact.emit('answer');
  expect(await found).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});
