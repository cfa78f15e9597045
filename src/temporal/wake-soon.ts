import { setImmediate } from 'node:timers/promises';
import type { Conversion } from '../domain/conversion.js';
import { type BackgroundDeps, handOver, hasPendingAdjustment, wakeOrPark } from './wake-conversion.js';

/**
 * Users never wait for Temporal, and starting workflows must not take the machine from their requests: a burst has only
 * so many starts in flight, and the relay of the workers starts the rest, oldest first.
 */
const MAX_IN_FLIGHT = 4;

export type WorkflowStarter = ReturnType<typeof createWorkflowStarter>;

/** Wakes workflows in the background: each call of `wakeSoon` returns at once and never throws. */
export function createWorkflowStarter(deps: BackgroundDeps) {
  const inFlight = new Set<Promise<void>>();

  async function wake(conversion: Conversion): Promise<void> {
    // The answer to the user goes out first.
    await setImmediate();
    try {
      // The workflow itself marks a new conversion in the ledger, so that a start costs no write.
      if (hasPendingAdjustment(conversion)) await handOver(deps, conversion);
      else await wakeOrPark(deps, conversion);
    } catch (err) {
      const fields = { err, conversionId: conversion._id, code: 'start_deferred' };
      deps.logger.warn(fields, 'the workflow could not be started now; the relay will');
    }
  }

  return {
    wakeSoon(conversion: Conversion): void {
      const isDue = conversion.status === 'pending' || hasPendingAdjustment(conversion);
      if (!isDue || inFlight.size >= MAX_IN_FLIGHT) return;
      const waking = wake(conversion).finally(() => inFlight.delete(waking));
      inFlight.add(waking);
    },
    /** Resolves when no call is under way any more. */
    async drain(): Promise<void> {
      await Promise.all(inFlight);
    },
  };
}
