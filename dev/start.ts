import { parseArgs } from 'node:util';
import type { StackInfo } from './data-dir.js';
import { type Stack, startStack } from './stack.js';
import { parkedListUrl } from './temporal-ui.js';

/** `npm start`: the whole stack on this machine, until Ctrl-C. A second Ctrl-C ends it at once. */

/** Under npm one Ctrl-C arrives twice: from the terminal, and passed on by npm. */
const SAME_CTRL_C_MS = 500;

const { values } = parseArgs({ options: { 'data-dir': { type: 'string', default: '.data' } } });

let stack: Stack | undefined;
let stoppingSince: number | undefined;

// The stack stops in order also if its terminal is gone.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

try {
  stack = await startStack({ dataDir: values['data-dir'], env: process.env, say: console.log });
  console.log(readyLine(stack.urls));
  const { temporalUiUrl } = stack.urls;
  if (temporalUiUrl) console.log(`parked conversions  ${parkedListUrl(temporalUiUrl)}`);
  fail(await stack.crashed);
  await stopAndExit(stack, 1);
} catch (error) {
  fail(error);
  process.exit(1);
}

function readyLine(urls: StackInfo) {
  const { apiUrl, temporalUiUrl, temporalAddress, mongoUri, issuerUrl, impactUrl } = urls;
  const ui = temporalUiUrl ? `  Temporal UI ${temporalUiUrl}` : '';
  const metrics = `  metrics ${urls.apiMetricsUrl} ${urls.workerMetricsUrl}`;
  return `ready  API ${apiUrl}${ui}  Temporal ${temporalAddress}  MongoDB ${mongoUri}  token issuer ${issuerUrl}  Impact ${impactUrl}${metrics}`;
}

function onSignal(): void {
  // While it boots there is nothing to drain: its children end with this process.
  if (!stack) process.exit(1);
  if (stoppingSince === undefined) {
    console.log('stopping');
    void stopAndExit(stack, 0);
  } else if (Date.now() - stoppingSince > SAME_CTRL_C_MS) {
    stack.kill();
  }
}

async function stopAndExit(running: Stack, exitCode: number): Promise<void> {
  stoppingSince = Date.now();
  await running.stop();
  process.exit(exitCode);
}

function fail(error: unknown): void {
  console.error(error instanceof Error ? error.message : error);
}
