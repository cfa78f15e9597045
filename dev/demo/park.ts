import { quote } from '../../src/cli/next-command.js';
import { parkedListUrl } from '../temporal-ui.js';
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

/** Something to open and to try while the stack keeps running. @returns what a person reads about it */
export async function leaveParked(client: DemoClient): Promise<string> {
  const { urls } = client;
  const { userId } = await client.firstPage('user_parked', '3t6RuJ:x0-parked');
  console.log('\nOne more sale, which the sandbox refuses, is left parked for you:');
  const { conversionId: id } = await parkSale(client, userId, 'order-1005');
  await client.sandbox.clearFaults('order-1005');
  return `The stack keeps running until Ctrl-C:
  Temporal UI         ${urls.temporalUiUrl}
  parked conversions  ${parkedListUrl(String(urls.temporalUiUrl))}
  API                 ${urls.apiUrl}/docs
  console             ${urls.consoleUrl}
  sandbox             ${urls.impactUrl}/_sandbox/conversions

The list of parked conversions shows ${id}. The sandbox takes the order now. Paste in another terminal:
  ${commandLine(client, 'explain', id)}
  ${commandLine(client, 'retry', id)}`;
}

/** Ready to paste. */
function commandLine({ dataDir }: DemoClient, name: 'explain' | 'retry', id: string): string {
  return `npm run -s conversions -- ${name} ${quote(id)} --data-dir ${quote(dataDir)}`;
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '   ');
}
