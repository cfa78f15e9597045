import { WorkflowNotFoundError } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { SIGNALS } from '../../src/domain/workflow-names.js';
import { loseWorkflows } from '../support/lose-workflows.js';
import { parkRefund } from '../support/park-refund.js';
import { REFUSAL } from '../support/refusal.js';
import { sell } from '../support/sell.js';
import { QUICK_WATCH, type Stack, startStack } from '../support/stack.js';
import { untilListedAsParked } from '../support/until-listed-as-parked.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ confirmAfterMs: 100, watch: QUICK_WATCH });
});
afterAll(() => stack.stop());

const retry = (workflow: string) => stack.temporal.workflow.getHandle(workflow).signal(SIGNALS.retry);

describe('a workflow that Temporal has lost', { timeout: 60_000 }, () => {
  it('is started again and waits for a retry, if its conversion was being sent, and sends it once', async () => {
    const { id } = await sell(stack, 'trying', { fault: { kind: 'status', status: 503, times: 1_000 } });
    await expect.poll(() => stack.sandbox.requests('trying')).not.toHaveLength(0);
    await loseWorkflows(stack, [workflowId(id)]);
    const { reason, timeline } = await stack.untilStatus(id, 'parked');
    expect(reason).toBe('workflow_lost');
    expect(timeline.at(-1)?.detail).toContain('Temporal does not have its workflow any more');
    await stack.sandbox.clearFaults('trying');
    await stack.untilStarted(id);
    await retry(workflowId(id));
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.conversions('trying')).toHaveLength(1);
  });

  it('is started again and parked for the same reason, if its conversion was parked', async () => {
    const { id } = await sell(stack, 'parked', { fault: REFUSAL });
    const { timeline } = await stack.untilStatus(id, 'parked');
    await loseWorkflows(stack, [workflowId(id)]);
    await untilListedAsParked(stack.temporal, [id]);
    expect(await stack.conversion(id)).toMatchObject({
      status: 'parked',
      reason: 'impact_refused',
      timeline,
    });
    await retry(workflowId(id));
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.conversions('parked')).toHaveLength(1);
  });

  it('goes on by itself where Impact had queued its conversion, and sends nothing', async () => {
    const { id } = await sell(stack, 'queued', { plan: { stuck: true } });
    await stack.untilStatus(id, 'submitted');
    await loseWorkflows(stack, [workflowId(id)]);
    await stack.sandbox.forgetPlan('queued');
    await stack.untilStatus(id, 'confirmed');
    expect(await stack.sandbox.requests('queued')).toHaveLength(1);
  });

  it('is started again and parked for the same reason, if it was carrying out a refund', async () => {
    const id = await parkRefund(stack, 'refund');
    await loseWorkflows(stack, [workflowId(id)]);
    await untilListedAsParked(stack.temporal, [id]);
    await retry(workflowId(id));
    await stack.untilStatus(id, 'reversed');
  });

  it('is left alone if its conversion was done', async () => {
    const { id } = await sell(stack, 'done');
    const done = await stack.untilStatus(id, 'confirmed');
    const forgotten = 'sale_subscription:forgotten';
    await stack.db.conversions.create({ ...done, _id: forgotten });
    const parked = await sell(stack, 'lost-with-it', { fault: REFUSAL });
    await stack.untilStatus(parked.id, 'parked');
    await loseWorkflows(stack, [workflowId(parked.id)]);
    await untilListedAsParked(stack.temporal, [parked.id]);
    const handle = stack.temporal.workflow.getHandle(workflowId(forgotten));
    await expect(handle.describe()).rejects.toThrow(WorkflowNotFoundError);
  });
});
