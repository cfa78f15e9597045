import type { OperationResult } from '../operations/operation-result.js';
import { printable } from './printable.js';

/** `Retried signup:1: its workflow was signalled …` */
export function operatedWords(verb: string, { conversionId, workflowId }: OperationResult): string {
  return [
    `${verb} ${conversionId}: its workflow was signalled, and acts in a moment.`,
    `workflow  ${workflowId}`,
    `To see the outcome: explain '${conversionId}'`,
  ]
    .map(printable)
    .join('\n');
}
