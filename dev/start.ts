import type { Programme } from '../src/domain/programme/programme.js';
import { loadProgramme } from '../src/programme-file.js';
import { DATA_DIR, readCommandLine } from './command-line.js';
import type { StackInfo } from './data-dir.js';
import { exampleTokens, makeExamples } from './examples.js';
import { readable } from './logs.js';
import { readyText } from './ready-text.js';
import { type Stack, startStack } from './stack.js';
import { stopSignal } from './stop-signal.js';

/** `npm start`: the whole stack on this machine, until Ctrl-C. */

const USAGE = `Usage: npm start -- [--data-dir DIR] [--programme FILE] [--logs]

  --data-dir  where the stack keeps its data and logs, .data by default
  --programme the programme's file (docs/programme.md); by default signups and subscriptions
  --logs      prints every log line of the API and the worker; without it, the messages of warnings and errors

Where all systems are embedded, it makes the user, the sales and the audit that the examples of /docs name.

MONGODB_URI, TEMPORAL_ADDRESS, AUTH_ISSUER and IMPACT_BASE_URL each replace an embedded system by a real one. PORT is the
API's port; PORT=0 uses any free ports. The local token issuer signs in to the console, or CONSOLE_ISSUER does.

  npm start                           the stack in .data/
  npm start -- --data-dir .data-2     a second stack beside it, on ports of its own
  npm start -- --data-dir .data-acme --programme acme.json
                                      another programme, on data of its own`;

const { values } = readCommandLine(USAGE, {
  ...DATA_DIR,
  programme: { type: 'string', default: process.env.PROGRAMME_FILE || undefined },
  logs: { type: 'boolean', default: false },
});

let stack: Stack | undefined;
const stopped = stopSignal();
// While the stack starts there is nothing to finish: its processes end with this one.
void stopped.then(() => stack ?? process.exit(1));
// The stack stops in order also if its terminal is gone.
for (const output of [process.stdout, process.stderr]) output.on('error', () => undefined);

try {
  // Before anything starts, so that what is wrong with the file is said once.
  const programme = loadProgramme(values.programme);
  const onLog = (name: string, line: string) => {
    console.log(readable(line).replace(/^/gm, `${name.padEnd(6)} `));
  };
  const env = { ...process.env, PROGRAMME_FILE: values.programme };
  const options = { dataDir: values['data-dir'], env, say: console.log };
  stack = await startStack(values.logs ? { ...options, onLog } : options);
  if (isWhollyEmbedded(process.env)) await makeExamplesOf(stack.urls, programme);
  console.log(readyText(stack.urls, values['data-dir']));
  const reason = await Promise.race([stopped, stack.crashed]);
  console.log(reason instanceof Error ? reason.message : 'stopping');
  await stack.stop();
  process.exit(reason instanceof Error ? 1 : 0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

/** A real system gets no examples. */
function isWhollyEmbedded(env: NodeJS.ProcessEnv): boolean {
  return !(env.MONGODB_URI || env.TEMPORAL_ADDRESS || env.AUTH_ISSUER || env.IMPACT_BASE_URL);
}

async function makeExamplesOf(urls: StackInfo, programme: Programme): Promise<void> {
  const tokens = await exampleTokens(urls, values['data-dir']);
  await makeExamples({ ...urls, tokens, programme });
}
