import { setImmediate } from 'node:timers/promises';
import type { Logger } from '../logger.js';
import { handOverAdjustments } from './hand-over-adjustments.js';
import { type StartWorkflowDeps, startWorkflow } from './wake-conversion.js';

/** Tells Temporal in the background; each returns at once and never throws. */
export interface WorkflowStarter {
  startSoon(conversionIds: readonly string[]): void;
  adjustmentSoon(conversionId: string): void;
  /** Resolves when nothing is under way any more. */
  drain(): Promise<void>;
}

/** While Temporal is away, calls pile up until their deadline: more of them would only slow the answers down. */
const MOST_UNDER_WAY = 50;

/** Users never wait for Temporal: what it cannot be told now is left to the relay. */
export function createWorkflowStarter(deps: StartWorkflowDeps & { logger: Logger }): WorkflowStarter {
  const underWay = new Set<Promise<void>>();

  function tellSoon(tell: typeof startWorkflow, conversionId: string): void {
    if (underWay.size >= MOST_UNDER_WAY) return;
    // The answer to the user goes out first.
    const telling = setImmediate()
      .then(() => tell(deps, conversionId))
      .then(() => deps.logger.debug({ conversionId }, 'Temporal is told'))
      .catch((error) => {
        deps.logger.warn(
          { err: error, conversionId, code: 'start_deferred' },
          'Temporal could not be told now; the relay will',
        );
      })
      .finally(() => underWay.delete(telling));
    underWay.add(telling);
  }

  return {
    startSoon(conversionIds) {
      for (const conversionId of conversionIds) tellSoon(startWorkflow, conversionId);
    },
    adjustmentSoon: (conversionId) => tellSoon(handOverAdjustments, conversionId),
    async drain() {
      await Promise.all(underWay);
    },
  };
}
