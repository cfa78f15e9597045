import { parseArgs } from 'node:util';
import type { StackInfo } from './data-dir.js';
import { type Stack, startStack } from './stack.js';
import { stopSignal } from './stop-signal.js';
import { parkedListUrl } from './temporal-ui.js';

/** `npm start`: the whole stack on this machine, until Ctrl-C. */

const { values } = parseArgs({ options: { 'data-dir': { type: 'string', default: '.data' } } });

let stack: Stack | undefined;
const stopped = stopSignal();
// While the stack starts there is nothing to finish: its processes end with this one.
void stopped.then(() => stack ?? process.exit(1));
// The stack stops in order also if its terminal is gone.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

try {
  stack = await startStack({ dataDir: values['data-dir'], env: process.env, say: console.log });
  console.log(readyLine(stack.urls));
  const { temporalUiUrl } = stack.urls;
  if (temporalUiUrl) console.log(`parked conversions  ${parkedListUrl(temporalUiUrl)}`);
  const reason = await Promise.race([stopped, stack.crashed]);
  console.log(reason instanceof Error ? reason.message : 'stopping');
  await stack.stop();
  process.exit(reason instanceof Error ? 1 : 0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

function readyLine(urls: StackInfo): string {
  const { apiUrl, temporalUiUrl, temporalAddress, mongoUri, issuerUrl, impactUrl } = urls;
  const ui = temporalUiUrl ? `  Temporal UI ${temporalUiUrl}` : '';
  const metrics = `  metrics ${urls.apiMetricsUrl} ${urls.workerMetricsUrl}`;
  return `ready  API ${apiUrl}${ui}  Temporal ${temporalAddress}  MongoDB ${mongoUri}  token issuer ${issuerUrl}  Impact ${impactUrl}${metrics}`;
}
