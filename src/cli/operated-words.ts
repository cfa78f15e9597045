import type { Operated } from '../operations/operated.js';
import { printable } from './printable.js';

const EFFECTS: Readonly<Record<Operated['effect'], string>> = {
  signalled: 'its workflow was told, and goes on from there',
  started: 'its workflow was gone, and is begun anew',
  recorded: 'the ledger says so, and nobody needs to be told',
};

/** `Retried signup:1: its workflow was told …` The workflow needs a moment, so the state is that of before. */
export function operatedWords(verb: string, { conversionId, workflowId, effect }: Operated): string {
  return [
    `${verb} ${conversionId}: ${EFFECTS[effect]}.`,
    `workflow  ${workflowId}`,
    `What became of it: explain '${conversionId}'`,
  ]
    .map(printable)
    .join('\n');
}
