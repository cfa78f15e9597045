import { setTimeout as delay } from 'node:timers/promises';
import type { ConversionAnswer, DemoClient } from './client.js';
import { COMPLETED, type Step, workflowSteps } from './workflow-steps.js';

const PATIENCE_MS = 30_000;
const SETTLED = ['skipped', 'parked', 'abandoned'];

/**
 * Prints each step of a conversion's workflow as it happens, until there is none left.
 * @param after a run that was followed before: the next one is followed
 */
export async function follow(
  client: DemoClient,
  conversionId: string,
  after?: string,
): Promise<ConversionAnswer> {
  const deadline = Date.now() + PATIENCE_MS;
  let printed = 0;
  for (;;) {
    const conversion = await client.conversion(conversionId);
    // A workflow that has not been started yet has no steps.
    const run = await latestRun(client, conversion.workflowId).catch(() => after);
    const steps: Step[] = run === after ? [] : await workflowSteps(client.temporal, conversion.workflowId);
    for (const { at, what, detail } of steps.slice(printed))
      print(at.toISOString().slice(11, 23), what, detail);
    printed = steps.length;
    const isSettled = steps.length === 0 && SETTLED.includes(conversion.status);
    if (isSettled || steps.at(-1)?.what === COMPLETED) return client.conversion(conversionId);
    if (Date.now() > deadline) throw new Error(`${conversionId} is still ${conversion.status} after 30 s`);
    await delay(100);
  }
}

function print(time: string, what: string, detail: string): void {
  console.log(`   ${time.padEnd(12)}  ${what.padEnd(19)} ${detail}`);
}

export function note(what: string, detail: string): void {
  print('', what, detail);
}

/** The page of the workflow's latest run. */
export async function temporalUiLink(client: DemoClient, workflowId: string): Promise<string> {
  const run = await latestRun(client, workflowId);
  return `${client.temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}/${run}/history`;
}

export async function latestRun(client: DemoClient, workflowId: string): Promise<string> {
  return (await client.temporal.workflow.getHandle(workflowId).describe()).runId;
}
