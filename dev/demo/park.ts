import { shellWord } from '../shell-word.js';
import type { DemoClient } from './client.js';
import { follow } from './follow.js';

/** As Impact documents the refusal of a click id that it does not know. */
const REFUSAL = {
  status: 400,
  body: {
    Status: 'ERROR',
    Message: 'Validation Failed',
    Errors: [{ Field: 'ClickId', Message: 'Unknown click id' }],
  },
};

/** Sells an order that the sandbox refuses, until the fault is cleared. */
export async function parkSale(client: DemoClient, userId: string, orderId: string) {
  await client.sandbox.fault({ orderId, kind: 'status', ...REFUSAL, times: 1_000 });
  const { conversionId } = await client.sell(userId, orderId);
  const conversion = await follow(client, conversionId);
  if (conversion.status !== 'parked') throw new Error(`${conversionId} is ${conversion.status}, not parked`);
  return conversion;
}

/** Runs an operator's command on a conversion, and prints both as a terminal shows them. */
export async function operate(client: DemoClient, name: 'explain' | 'retry', id: string): Promise<void> {
  const output = await client.command(name, id);
  console.log(indented(`$ ${commandLine(client, name, id)}\n${output}`));
}

/** Ready to paste. */
export function commandLine({ dataDir }: DemoClient, name: 'explain' | 'retry', id: string): string {
  return `npm run -s conversions -- ${name} ${shellWord(id)} --data-dir ${shellWord(dataDir)}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '   ');
}
