import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { stopSignal } from '../src/lifecycle.js';
import { CASES } from './demo/cases.js';
import { openDemoClient } from './demo/client.js';
import { neutralEnvironment } from './environment.js';
import { type Stack, startStack } from './stack.js';
import { parkedListUrl } from './temporal-ui.js';

/** `npm run demo`: everything on this machine, in a directory of its own; `-- --once` stops after the stories. */

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
const stopped = stopSignal();

const dataDir = await mkdtemp(join(tmpdir(), 'affiliate-demo-'));
let stack: Stack | undefined;
try {
  // The demo uses none of the real systems that the environment may name.
  stack = await startStack({ dataDir, env: neutralEnvironment(process.env), say: console.log });
  await tellStories(stack);
  if (!values.once) await keepRunning(stack);
} catch (error) {
  console.error(`\nThe demo failed: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 1;
} finally {
  await stack?.stop();
  await rm(dataDir, { recursive: true, force: true });
}
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
  } finally {
    await client.close();
  }
}

async function keepRunning({ urls, crashed }: Stack): Promise<void> {
  const { temporalUiUrl } = urls;
  console.log(`\nThe stack keeps running until Ctrl-C:
  Temporal UI   ${temporalUiUrl}
  parked        ${temporalUiUrl && parkedListUrl(temporalUiUrl)}
  API           ${urls.apiUrl}/docs
  sandbox       ${urls.impactUrl}/_sandbox/conversions`);
  const crash = await Promise.race([stopped, crashed]);
  if (crash instanceof Error) throw crash;
}
