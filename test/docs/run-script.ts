import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBinary } from '../../dev/binaries/index.js';
import { outputOf } from '../support/child-output.js';

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));
const BIN = fileURLToPath(new URL('bin', import.meta.url));

/** Found once, because its checksum is of the whole file. */
let temporalPath: Promise<string> | undefined;

/** Runs a script as an operator pastes it, in the project's root. It ends with the first command that fails. */
export async function runScript(script: string, variables: Record<string, string>) {
  temporalPath ??= findBinary('temporal', (line) => console.error(line));
  const { PATH = '', HOME, XDG_CACHE_HOME } = process.env;
  const path = [BIN, dirname(await temporalPath), PATH].join(delimiter);
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: PROJECT_ROOT,
    env: { HOME, XDG_CACHE_HOME, PATH: path, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outputOf(child);
}
