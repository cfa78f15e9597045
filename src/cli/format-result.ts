import type { OperationResult } from '../operations/operation-result.js';
import { printable } from './printable.js';

/** `Retried signup:1: its workflow was signalled …` The workflow needs a moment, so this says nothing of the new state. */
export function formatResult(verb: string, { conversionId, workflowId }: OperationResult): string {
  return [
    `${verb} ${conversionId}: its workflow was signalled and continues.`,
    `workflow  ${workflowId}`,
    `To see its new state: explain '${conversionId}'`,
  ]
    .map(printable)
    .join('\n');
}
