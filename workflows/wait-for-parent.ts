import { condition, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Progress } from '../src/domain/next-step.js';
import { LEDGER } from './options.js';
import type { Run } from './until-done.js';

const { checkParent } = proxyLocalActivities<Activities>(LEDGER);

/**
 * Waits until the parent of the conversion is at Impact, or need not be waited for. The worker that carries out the parent's
 * steps sends a signal, as a refund does; the timer is for what only time ends.
 */
export async function untilParentIsThere({ conversionId, operators, page }: Run): Promise<Progress> {
  for (;;) {
    operators.news = false;
    const { progress, waitMs } = await checkParent(conversionId);
    page.show(progress);
    if (waitMs === undefined) return progress;
    await condition(() => operators.news, waitMs, { summary: 'until its parent is at Impact' });
    // It is not parked, so there was nothing to retry.
    operators.retry = undefined;
  }
}
