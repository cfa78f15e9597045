import { AsyncResource } from 'node:async_hooks';
import { setTimeout as delay, setImmediate } from 'node:timers/promises';
import type { Conversion } from '../domain/conversion.js';
import { RELAY } from './relay.js';
import { type BackgroundDeps, handOver, hasPendingAdjustment, isDue, wakeOrPark } from './wake-conversion.js';

/** Users never wait for Temporal, and starting workflows must not take the machine from their requests. */
const MAX_IN_FLIGHT = 2;
const REST_MS = 20;

interface Waiting {
  since: number;
  wake: () => Promise<void>;
}

export type WorkflowStarter = ReturnType<typeof createWorkflowStarter>;

/**
 * Wakes workflows in the background: each call of `wakeSoon` returns at once and never throws. Two calls to Temporal are
 * under way at most, each with a rest after it, and the others wait, until the relay of the workers takes them over.
 */
export function createWorkflowStarter(deps: BackgroundDeps) {
  let waiting: Waiting[] = [];
  const inFlight = new Set<Promise<void>>();

  async function wakeWaiting(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      // The answers to users go out first.
      await setImmediate();
      if (Date.now() - next.since >= RELAY.minimumAgeMs) continue;
      await next.wake();
      await delay(REST_MS);
    }
  }

  async function wake(conversion: Conversion): Promise<void> {
    try {
      // The workflow itself marks a new conversion in the ledger, so that a start costs no write.
      if (hasPendingAdjustment(conversion)) await handOver(deps, conversion);
      else await wakeOrPark(deps, conversion);
    } catch (err) {
      const fields = { err, conversionId: conversion._id, code: 'start_deferred', others: waiting.length };
      deps.logger.warn(fields, 'the workflow could not be started now; the relay will, and those that wait');
      waiting = [];
    }
  }

  return {
    wakeSoon(conversion: Conversion): void {
      if (!isDue(conversion)) return;
      // In the context of this request: its trace, and its log lines.
      waiting.push({ since: Date.now(), wake: AsyncResource.bind(() => wake(conversion)) });
      if (inFlight.size === MAX_IN_FLIGHT) return;
      const waking = wakeWaiting().finally(() => inFlight.delete(waking));
      inFlight.add(waking);
    },
    /** Resolves when nothing waits, and no call is under way any more. */
    async drain(): Promise<void> {
      await Promise.all(inFlight);
    },
  };
}
