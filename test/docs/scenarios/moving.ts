import { expect } from 'vitest';
import { TASK_QUEUES } from '../../../src/domain/workflow-names.js';
import { readQueueRate } from '../../../src/temporal/queue-rate.js';
import { insertPending } from '../../support/pending-conversion.js';
import { startSlowBatch, stopBatch } from '../../support/slow-batch.js';
import type { RunbookStack } from '../runbook-stack.js';
import { about, isAbandoned, isReportedOnce, parked, type Scenario, type Scenarios } from './scenario.js';

/** Retries, abandons, restarts and pauses, in every way that the runbook has. */
export function moving(stack: RunbookStack): Scenarios {
  return {
    retry: retrying('retry-1'),
    'retry-by-temporal': retrying('retry-2'),
    'retry-by-http': retrying('retry-3'),
    'retry-all': retryingAll('all-1', 'all-2'),
    'retry-all-by-temporal': retryingAll('all-3', 'all-4'),
    'retry-all-by-http': retryingAll('all-5', 'all-6'),
    'not-configured': {
      prepare: async () => {
        const skipped = { status: 'skipped', reason: 'provider_not_configured' } as const;
        return about((await insertPending(stack.db, skipped))._id);
      },
      check: (_stdout, { variables }) => isReportedOnce(stack, variables?.ID ?? ''),
    },
    batch: {
      prepare: async () => ({ variables: { JOB: await startBatch() } }),
      async check(stdout, { variables }) {
        expect(stdout).toMatch(/State +Running/);
        await stopBatch(stack.temporal, variables?.JOB ?? '');
      },
    },
    'batch-terminate': {
      prepare: async () => ({ variables: { JOB: await startBatch() } }),
      check: stack.untilNoBatchRuns,
    },
    abandon: abandoning('abandon-1'),
    'abandon-by-temporal': abandoning('abandon-2'),
    'abandon-by-http': abandoning('abandon-3'),
    'abandon-all': abandoningAll('abandon-4', 'abandon-5'),
    'abandon-all-by-http': abandoningAll('abandon-6', 'abandon-7'),
    restart: restarting('restart-1'),
    'restart-by-http': restarting('restart-2'),
    'restart-all': restarting('restart-3'),
    pause: limiting({ requestsPerSecond: 0, paused: true }),
    resume: limiting({ requestsPerSecond: 1_000, setBy: 'workers' }),
    'pause-by-temporal': limiting({ requestsPerSecond: 0, paused: true }),
    'resume-by-temporal': limiting({ requestsPerSecond: 1_000, setBy: 'workers' }),
    'slow-down': limiting({ requestsPerSecond: 2, setBy: 'operator' }, [TASK_QUEUES.impact]),
    'speed-up': limiting({ requestsPerSecond: 1_000, setBy: 'workers' }, [TASK_QUEUES.impact]),
  };

  async function startBatch(): Promise<string> {
    await stack.untilNoBatchRuns();
    return startSlowBatch(stack.temporal);
  }

  function retrying(orderId: string): Scenario {
    return {
      prepare: async () => about(await parked(stack, orderId)),
      check: (_stdout, { variables }) => isReportedOnce(stack, variables?.ID ?? ''),
    };
  }

  function retryingAll(...orderIds: string[]): Scenario {
    return movingAll(orderIds, isReportedOnce);
  }

  function abandoning(orderId: string): Scenario {
    return {
      prepare: async () => about(await parked(stack, orderId)),
      check: (_stdout, { variables }) => isAbandoned(stack, variables?.ID ?? ''),
    };
  }

  function abandoningAll(...orderIds: string[]): Scenario {
    return movingAll(orderIds, isAbandoned);
  }

  function movingAll(
    orderIds: readonly string[],
    hasMoved: (stack: RunbookStack, id: string) => Promise<unknown>,
  ): Scenario {
    return {
      async prepare() {
        await stack.untilNoBatchRuns();
        for (const orderId of orderIds) await parked(stack, orderId);
        return {};
      },
      async check() {
        for (const orderId of orderIds) await hasMoved(stack, `sale_subscription:${orderId}`);
      },
    };
  }

  function restarting(orderId: string): Scenario {
    return {
      async prepare() {
        const id = await parked(stack, orderId);
        await stack.api.abandon(id, { reason: 'test order' });
        await stack.untilStatus(id, 'abandoned');
        await stack.temporal.workflow.getHandle(about(id).variables.WORKFLOW).result();
        return about(id);
      },
      check: (_stdout, { variables }) => isReportedOnce(stack, variables?.ID ?? ''),
    };
  }

  function limiting(
    expected: Record<string, unknown>,
    queues: string[] = [TASK_QUEUES.impact, TASK_QUEUES.impactReads],
  ): Scenario {
    return {
      async check() {
        for (const queue of queues)
          await expect.poll(() => readQueueRate(stack.temporal, queue)).toMatchObject(expected);
      },
    };
  }
}
