import { expect } from 'vitest';
import { workflowId } from '../../../src/domain/conversion.js';
import { REFUSAL } from '../../support/refusal.js';
import { sell } from '../../support/sell.js';
import { untilListedAsParked } from '../../support/until-listed-as-parked.js';
import type { RunbookStack as Stack } from '../runbook-stack.js';

/** Prepares a block of the runbook, and checks its effect. */
export interface Scenario {
  /** The block is that of another scenario, with other words in it, and is not run again. */
  sameAs?: { scenario: string; words: Record<string, string> };
  /** @returns shell variables, and the values of each `<placeholder>` */
  prepare?(): Promise<Prepared>;
  /** Run in the same shell after the block. */
  afterwards?: string;
  check?(stdout: string, prepared: Prepared): Promise<void>;
}

export interface Prepared {
  variables?: Record<string, string>;
  placeholders?: Record<string, string>;
}

export type Scenarios = Record<string, Scenario>;

export function about(id: string): { variables: { ID: string; WORKFLOW: string } } {
  return { variables: { ID: id, WORKFLOW: workflowId(id) } };
}

export const orderOf = (id: string) => id.slice(id.indexOf(':') + 1);

export async function parked(stack: Stack, orderId: string): Promise<string> {
  const { id } = await sell(stack, orderId, { fault: REFUSAL });
  await stack.untilStatus(id, 'parked');
  await untilListedAsParked(stack.temporal, [id]);
  return id;
}

/** Impact refused it once, and accepted it once. */
export async function isReportedOnce(stack: Stack, id: string): Promise<void> {
  await stack.untilStatus(id, 'submitted');
  expect(await stack.sandbox.conversions(orderOf(id))).toHaveLength(1);
}

export async function isAbandoned(stack: Stack, id: string): Promise<void> {
  const { timeline } = await stack.untilStatus(id, 'abandoned');
  expect(timeline.at(-1)?.detail).toContain('test order');
  expect(await stack.sandbox.conversions(orderOf(id))).toHaveLength(0);
}
