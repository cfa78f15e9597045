import { expect } from 'vitest';
import { workflowId } from '../../../src/domain/conversion.js';
import { sell } from '../../support/sell.js';
import type { RunbookStack } from '../runbook-stack.js';
import { about, isReportedOnce, orderOf, type Prepared, parked, type Scenarios } from './scenario.js';

/** Resets, terminates and cancels workflows. */
export function resetting(stack: RunbookStack): Scenarios {
  const handleOf = (id: string) => stack.temporal.workflow.getHandle(workflowId(id));

  /** The new run ends, and Impact receives no more requests than before. */
  async function endsWithoutAnotherPost({ variables }: Prepared): Promise<void> {
    const id = variables?.ID ?? '';
    const requests = await stack.sandbox.requests(orderOf(id));
    expect(await handleOf(id).result()).toMatchObject({ status: 'submitted' });
    expect(await stack.sandbox.requests(orderOf(id))).toEqual(requests);
    expect((await stack.conversion(id))?.status).toBe('submitted');
    expect(await stack.sandbox.conversions(orderOf(id))).toHaveLength(1);
  }

  return {
    reset: {
      async prepare() {
        const { id, handle } = await sell(stack, 'reset-1');
        await stack.untilStatus(id, 'submitted');
        await handle.result();
        return about(id);
      },
      check: (_stdout, prepared) => endsWithoutAnotherPost(prepared),
    },
    'reset-without-signals': {
      async prepare() {
        const id = await parked(stack, 'reset-2');
        await stack.api.retry(id);
        await handleOf(id).result();
        return about(id);
      },
      async check(_stdout, prepared) {
        await endsWithoutAnotherPost(prepared);
        const { events } = await handleOf(prepared.variables?.ID ?? '').fetchHistory();
        expect(events?.filter((event) => event.workflowExecutionSignaledEventAttributes)).toEqual([]);
      },
    },
    'reset-many': {
      async prepare() {
        await stack.untilNoBatchRuns();
        for (const orderId of ['reset-3', 'reset-4']) await parked(stack, orderId);
        return {};
      },
      async check() {
        for (const orderId of ['reset-3', 'reset-4'])
          await isReportedOnce(stack, `sale_subscription:${orderId}`);
      },
    },
    terminate: {
      prepare: async () => about(await parked(stack, 'terminate')),
      async check() {
        const conversion = () => stack.conversion('sale_subscription:terminate');
        await expect.poll(conversion).toMatchObject({ status: 'parked', reason: 'workflow_terminated' });
        expect((await conversion())?.timeline.at(-1)?.detail).toContain('kim: wanted to see what happens');
      },
    },
    cancel: {
      prepare: async () => about(await parked(stack, 'cancel')),
      async check() {
        expect(await stack.untilStatus('sale_subscription:cancel', 'abandoned')).toMatchObject({
          reason: 'cancelled',
        });
      },
    },
    // test/end-to-end/every-step.test.ts shows how a conversion gets there.
    'temporal-lost': { sameAs: { scenario: 'retry-all', words: { impact_refused: 'workflow_lost' } } },
  };
}
