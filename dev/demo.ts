import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DATA_DIR, readCommandLine } from './command-line.js';
import { claimDataDir } from './data-dir.js';
import { CASES } from './demo/cases.js';
import { openDemoClient } from './demo/client.js';
import { leaveParked } from './demo/park.js';
import { neutralEnvironment } from './environment.js';
import { type Stack, startStack } from './stack.js';
import { stopSignal } from './stop-signal.js';

/** `npm run demo`: everything on this machine, on data of its own; `-- --once` stops after the stories. */

const USAGE = `Usage: npm run demo -- [--once] [--data-dir DIR]

  --once      ends after the stories; without it, the stack keeps running with a parked conversion to retry
  --data-dir  the demo keeps its data in DIR/demo while it runs; .data by default`;

const { values } = readCommandLine(USAGE, { ...DATA_DIR, once: { type: 'boolean' } });
const ENDED =
  'The stack ends now, and its links with it. Without --once it keeps running, with a parked conversion to retry.';
const PROGRAMME_FILE = join(import.meta.dirname, 'demo', 'programme.json');
const dataDir = join(values['data-dir'], 'demo');
let stack: Stack | undefined;
let isTold = false;
const stopped = stopSignal();
// Until the stories are told there is nothing to finish: the stack's processes end with this one.
void stopped.then(() => isTold || process.exit(1));

try {
  // On the data of a demo that was killed, the same stories would end in another way.
  await (await claimDataDir(dataDir, console.log)).release();
  await rm(dataDir, { recursive: true });
  // The demo uses none of the real systems that the environment may name.
  const env = { ...neutralEnvironment(process.env), PROGRAMME_FILE };
  stack = await startStack({ dataDir, env, say: console.log });
  await tellStories(stack);
  isTold = true;
  if (!values.once) await keepRunning(stack);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
}
await stack?.stop();
if (stack) await rm(dataDir, { recursive: true });
process.exit();

async function tellStories({ urls }: Stack): Promise<void> {
  const client = await openDemoClient(urls, dataDir);
  try {
    for (const [index, story] of CASES.entries()) {
      console.log(`\n${index + 1}. ${story.title}`);
      await story.run(client);
    }
    console.log(
      '\nAll of this was against the Impact sandbox, a double of Impact built from its documentation: it shows what this\nservice does, and nothing of what Impact itself answers.',
    );
    console.log(`\n${values.once ? ENDED : await leaveParked(client)}`);
  } finally {
    await client.close();
  }
}

async function keepRunning({ crashed }: Stack): Promise<void> {
  const crash = await Promise.race([stopped, crashed]);
  if (crash instanceof Error) throw crash;
}
