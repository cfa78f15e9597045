import type { Operated } from '../operations/operated.js';
import { printable } from './printable.js';

const EFFECTS: Readonly<Record<Operated['effect'], string>> = {
  signalled: 'its workflow was signalled and continues',
  started: 'its workflow was gone, and was started again',
  recorded: 'the ledger has recorded it, and no workflow has to be signalled',
};

/** `Retried signup:1: its workflow was signalled …` The workflow needs a moment, so this says nothing of the new state. */
export function formatResult(verb: string, { conversionId, workflowId, effect }: Operated): string {
  return [
    `${verb} ${conversionId}: ${EFFECTS[effect]}.`,
    `workflow  ${workflowId}`,
    `To see its new state: explain '${conversionId}'`,
  ]
    .map(printable)
    .join('\n');
}
