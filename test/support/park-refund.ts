import { expect } from 'vitest';
import { REFUSAL } from './refusal.js';
import { sell } from './sell.js';
import type { Stack } from './stack.js';

/** A sale that Impact has accepted, and whose refund it refuses, once. @returns the conversion's id */
export async function parkRefund(stack: Stack, orderId: string): Promise<string> {
  const { id } = await sell(stack, orderId);
  await stack.untilStatus(id, 'confirmed');
  await stack.sandbox.fault({ ...REFUSAL, resource: 'Actions', orderId });
  await stack.api.reverse(id);
  const adjustment = async () => (await stack.conversion(id))?.adjustments?.[0];
  await expect.poll(adjustment).toMatchObject({ status: 'parked', parkReason: 'impact_refused' });
  return id;
}
