import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { defaultProgramme } from '../src/domain/programme/default-programme.js';
import { DATA_DIR, readCommandLine } from './command-line.js';
import { neutralEnvironment } from './environment.js';
import { exampleTokens, makeExamples } from './examples.js';
import { startStack } from './stack.js';

/**
 * `npm run fuzz`: generates requests from /openapi.json, valid and invalid ones, sends them to a running stack as a user and
 * as a backend, and compares each answer with the document. Schemathesis does this; it needs Python 3.10 and pip.
 * https://schemathesis.readthedocs.io
 */

const USAGE = `Usage: npm run fuzz -- [--examples N] [--seed N] [--data-dir DIR]

  --examples  generated requests of each operation, at most; 100 by default
  --seed      of the generator, 1 by default
  --data-dir  .data by default; the stack and the Python packages have folders of their own in it

  npm run fuzz -- --seed 2 --examples 1500`;

const { values } = readCommandLine(USAGE, {
  ...DATA_DIR,
  examples: { type: 'string', default: '100' },
  seed: { type: 'string', default: '1' },
});
const here = join(import.meta.dirname, 'fuzz');
const dataDir = join(values['data-dir'], 'fuzz');

const packages = await installSchemathesis(resolve(values['data-dir'], 'python'));
await rm(dataDir, { recursive: true, force: true });
const stack = await startStack({ dataDir, env: neutralEnvironment(process.env), say: console.log });
try {
  const { apiUrl } = stack.urls;
  const tokens = await exampleTokens(stack.urls, dataDir);
  await makeExamples({ ...stack.urls, tokens, programme: defaultProgramme });
  process.exitCode = await python(
    [
      '-m',
      'schemathesis.cli',
      '--config-file',
      join(here, 'schemathesis.toml'),
      'run',
      `${apiUrl}/openapi.json`,
    ].concat('--seed', values.seed, '--max-examples', values.examples, '--generation-database', 'none'),
    {
      PYTHONPATH: packages,
      SCHEMATHESIS_HOOKS: join(here, 'hooks.py'),
      SESSION_TOKEN: tokens.session,
      MACHINE_TOKEN: tokens.machine,
    },
    // It writes a cache into the directory in which it runs.
    dataDir,
  );
} finally {
  await stack.stop();
}
if (process.exitCode === 0) await rm(dataDir, { recursive: true });
else console.error(`The logs of the stack are in ${dataDir}/logs.`);
process.exit();

/** Installs the pinned packages into the directory, where they are not there yet. */
async function installSchemathesis(directory: string): Promise<string> {
  const requirements = await readFile(join(here, 'requirements.txt'), 'utf8');
  const installed = join(directory, 'installed.txt');
  if ((await readFile(installed, 'utf8').catch(() => '')) === requirements) return directory;
  console.log('installing Schemathesis');
  await rm(directory, { recursive: true, force: true });
  await mkdir(directory, { recursive: true });
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--target', directory];
  const exitCode = await python([...pip, '--requirement', join(here, 'requirements.txt')], {});
  if (exitCode !== 0) throw new Error('pip could not install dev/fuzz/requirements.txt.');
  await writeFile(installed, requirements);
  return directory;
}

async function python(args: string[], env: Record<string, string>, cwd = '.'): Promise<number> {
  const child = spawn('python3', args, { stdio: 'inherit', cwd, env: { ...process.env, ...env } });
  const [exitCode] = await once(child, 'close').catch((error: Error) => {
    throw new Error(`Install Python 3.10 or newer with pip: ${error.message}`);
  });
  return exitCode ?? 1;
}
