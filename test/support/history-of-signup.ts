import { vi } from 'vitest';
import { workflowId } from '../../src/domain/conversion.js';
import { type StackOptions, startStack } from './stack.js';

export type History = Awaited<ReturnType<typeof historyOfSignup>>;

/** The history of a signup whose workflow has ended, on a stack of its own. */
export async function historyOfSignup(options: StackOptions = {}) {
  const stack = await startStack(options);
  try {
    const { body: user } = await stack.api.me('user_recorded', 'click');
    const handle = stack.temporal.workflow.getHandle(workflowId(`signup:${user.userId}`));
    // The API starts it after its answer.
    await vi.waitFor(() => handle.result(), { timeout: 30_000, interval: 100 });
    return await handle.fetchHistory();
  } finally {
    await stack.stop();
  }
}
