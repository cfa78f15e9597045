import { afterAll, beforeAll, expect, it } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { chainedProgramme } from '../support/programme.js';
import { REFUSAL } from '../support/refusal.js';
import { QUICK_WATCH, type Stack, startStack } from '../support/stack.js';
import { userIdOf } from '../support/user-id.js';

const AFTER_MS = 1_200;

let stack: Stack;

beforeAll(async () => {
  const programme = chainedProgramme({ afterMinutes: AFTER_MS / 60_000 });
  stack = await startStack({ programme, watch: QUICK_WATCH });
});
afterAll(() => stack.stop());

/** A user signs up through a partner link, Impact treats the signup as told, and the user buys at once. */
async function signUpAndBuy(clerkId: string, fault: Record<string, unknown>) {
  const signupOrder = `signup-${userIdOf(clerkId).toHexString()}`;
  await stack.sandbox.fault({ ...fault, orderId: signupOrder });
  const { body: user } = await stack.api.me(clerkId, 'click');
  const sale = { campaignEventId: 'sale_subscription', totalAmountCents: 4_900, currency: 'USD', clerkId };
  const { body: dryRun } = await stack.api.dryRun({ ...sale, orderId: clerkId });
  await stack.api.publish({ ...sale, orderId: clerkId });
  const id = `sale_subscription:${clerkId}`;
  await expect.poll(async () => (await stack.conversion(id))?.reason).toBe('waits_for_parent');
  return { id, signupId: `signup:${user.userId}`, signupOrder, dryRun };
}

async function takenAt(orderId: string): Promise<number> {
  const taken = (await stack.sandbox.requests(orderId)).filter(({ status }) => status === 200);
  expect(taken).toHaveLength(1);
  return Date.parse(taken[0]?.receivedAt ?? '');
}

const explanationOf = async (id: string) => (await stack.api.conversion(id)).body.explanation;

it('Impact gets a parent before its child, however long it refuses the parent', async () => {
  const unavailable = { kind: 'status', status: 503, times: 2 };
  const { id, signupOrder } = await signUpAndBuy('late-parent', unavailable);
  await stack.untilStatus(id, 'submitted');
  // The minutes are counted from just before the request.
  expect(await takenAt('late-parent')).toBeGreaterThan((await takenAt(signupOrder)) + AFTER_MS - 500);
});

it('a child says in its dry run and in the API what it waits for, and goes once its parent does', async () => {
  const { id, signupId, dryRun } = await signUpAndBuy('parked-parent', REFUSAL);
  expect(dryRun.explanation).toContain(`It would wait for ${signupId}, until 1.2 seconds after`);
  await stack.untilStatus(signupId, 'parked');
  await expect
    .poll(() => explanationOf(id))
    .toMatchObject({
      code: 'waits_for_parent',
      text: expect.stringContaining(`Waits for ${signupId}: it is parked (impact_refused).`),
    });
  await stack.api.retry(signupId);
  await stack.untilStatus(id, 'submitted');
});

it('a child whose workflow is terminated while it waits is parked, and waits again after a retry', async () => {
  const { id, signupId } = await signUpAndBuy('terminated-child', REFUSAL);
  await stack.temporal.workflow.getHandle(workflowId(id)).terminate();
  expect((await stack.untilStatus(id, 'parked')).reason).toBe('workflow_terminated');
  await stack.api.retry(id);
  await expect.poll(async () => (await explanationOf(id)).code).toBe('waits_for_parent');
  await stack.api.retry(signupId);
  await stack.untilStatus(id, 'submitted');
});
