import { setImmediate } from 'node:timers/promises';
import type { Conversion } from '../domain/conversion.js';
import type { Ledger } from '../ledger/transition.js';
import type { Logger } from '../logger.js';
import { handOver, hasPendingAdjustment } from './hand-over.js';
import { type WakeDeps, wakeConversion } from './wake-conversion.js';

/** Wakes workflows in the background: each call returns at once and never throws. */
export interface WorkflowStarter {
  wakeSoon(conversion: Conversion): void;
  /** Resolves when no call is under way any more. */
  drain(): Promise<void>;
}

/**
 * Users never wait for Temporal, and starting workflows must not take the machine from their requests: a burst has only
 * so many starts in flight, and the relay of the workers starts the rest, oldest first.
 */
const MAX_IN_FLIGHT = 4;

export function createWorkflowStarter(deps: WakeDeps & Ledger & { logger: Logger }): WorkflowStarter {
  const inFlight = new Set<Promise<void>>();

  async function wake(conversion: Conversion): Promise<void> {
    // The answer to the user goes out first.
    await setImmediate();
    try {
      // The workflow itself marks a new conversion in the ledger, so that a start costs no write.
      if (hasPendingAdjustment(conversion)) await handOver(deps, conversion);
      else await wakeConversion(deps, conversion);
    } catch (err) {
      const fields = { err, conversionId: conversion._id, code: 'start_deferred' };
      deps.logger.warn(fields, 'the workflow could not be started now; the relay will');
    }
  }

  return {
    wakeSoon(conversion) {
      if (inFlight.size >= MAX_IN_FLIGHT || !isDue(conversion)) return;
      const waking = wake(conversion).finally(() => inFlight.delete(waking));
      inFlight.add(waking);
    },
    async drain() {
      await Promise.all(inFlight);
    },
  };
}

function isDue(conversion: Conversion): boolean {
  return conversion.status === 'pending' || hasPendingAdjustment(conversion);
}
