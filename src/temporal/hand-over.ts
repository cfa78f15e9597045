import type { Conversion } from '../domain/conversion.js';
import { markHandedOver } from '../ledger/find-due.js';
import type { Ledger } from '../ledger/transition.js';
import { type WakeDeps, wakeConversion } from './wake-conversion.js';

/**
 * Starts the workflow of a pending conversion, or signals it because of pending adjustments, and marks in the ledger that
 * this is done.
 * @returns `ended` where somebody has ended the workflow before it began: then nothing is marked
 * @throws Temporal's ServiceError; the conversion stays due, and the relay tries again
 */
export async function handOver(deps: WakeDeps & Ledger, conversion: Conversion): Promise<'woken' | 'ended'> {
  const signal = hasPendingAdjustment(conversion) ? ({ name: 'adjust' } as const) : undefined;
  const result = await wakeConversion(deps, conversion, signal);
  if (result === 'woken') await markHandedOver(deps, conversion);
  return result;
}

export function hasPendingAdjustment({ adjustments = [] }: Conversion): boolean {
  return adjustments.some(({ status }) => status === 'pending');
}
