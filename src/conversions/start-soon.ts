import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { type StartWorkflowDeps, startWorkflow } from './start-workflow.js';

export interface WorkflowStarter {
  /** Starts the workflows in the background; returns at once and never throws. */
  startSoon(conversionIds: readonly string[]): void;
  /** Resolves when no start is under way any more. */
  drain(): Promise<void>;
}

/** While Temporal is away, starts pile up until their deadline: more of them would only slow the answers down. */
const MOST_UNDER_WAY = 50;

/** Users never wait for Temporal: what cannot be started now is left to the relay. */
export function createWorkflowStarter(deps: StartWorkflowDeps & { logger: Logger }): WorkflowStarter {
  const underWay = new Set<Promise<void>>();
  return {
    startSoon(conversionIds) {
      for (const conversionId of conversionIds.slice(0, MOST_UNDER_WAY - underWay.size)) {
        // The answer to the user goes out first.
        const start = setImmediate()
          .then(() => startWorkflow(deps, conversionId))
          .then(() => deps.logger.debug({ conversionId }, 'the workflow is started'))
          .catch((error) => {
            deps.logger.warn(
              { err: error, conversionId, code: 'start_deferred' },
              'the workflow could not be started now; the relay will',
            );
          })
          .finally(() => underWay.delete(start));
        underWay.add(start);
      }
    },
    async drain() {
      await Promise.all(underWay);
    },
  };
}
