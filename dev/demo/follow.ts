import { setTimeout as delay } from 'node:timers/promises';
import type { ConversionAnswer, DemoClient } from './client.js';
import { type Step, workflowSteps } from './workflow-steps.js';

const PATIENCE_MS = 30_000;
const SETTLED = ['skipped', 'parked', 'abandoned'];

/**
 * Prints each step of a conversion as it happens, until there is no further one.
 * @param workflowId of the workflow that changes it, where that is not its own
 */
export async function follow(
  client: DemoClient,
  conversionId: string,
  workflowId?: string,
): Promise<ConversionAnswer> {
  const deadline = Date.now() + PATIENCE_MS;
  let printed = 0;
  for (;;) {
    const conversion = await client.conversion(conversionId);
    // A workflow that is not there yet has no steps.
    const steps = await workflowSteps(client.temporal, workflowId ?? conversion.workflowId).catch(
      (): Step[] => [],
    );
    for (const step of steps.slice(printed)) printStep(step);
    printed = steps.length;
    if (
      steps.at(-1)?.detail.startsWith('Completed') ||
      (steps.length === 0 && SETTLED.includes(conversion.status))
    ) {
      return client.conversion(conversionId);
    }
    if (Date.now() > deadline) throw new Error(`${conversionId} is still ${conversion.status} after 30 s`);
    await delay(100);
  }
}

export function printStep({ at, what, detail }: Step): void {
  console.log(`   ${at.toISOString().slice(11, 23)}  ${what.padEnd(10)} ${detail}`);
}

export function note(what: string, detail: string): void {
  console.log(`   ${' '.repeat(12)}  ${what.padEnd(10)} ${detail}`);
}

/** The page of this very run of the workflow. */
export async function temporalUiLink(client: DemoClient, workflowId: string): Promise<string> {
  const { runId } = await client.temporal.workflow.getHandle(workflowId).describe();
  return `${client.temporalUiUrl}/namespaces/default/workflows/${encodeURIComponent(workflowId)}/${runId}/history`;
}
