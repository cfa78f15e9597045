import { spawn } from 'node:child_process';
import { delimiter, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findBinary } from '../../dev/binaries/index.js';
import { outputOf } from '../support/child-output.js';

const PROJECT_ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Found once: it reads the whole of the binary, to be sure of it. */
let temporalPath: Promise<string> | undefined;

/** A script as somebody pastes it, in the project's root: it ends with its first command that fails. */
export async function runScript(script: string, variables: Record<string, string>) {
  temporalPath ??= findBinary('temporal', (line) => console.error(line));
  const { PATH = '', HOME, XDG_CACHE_HOME } = process.env;
  const child = spawn('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: PROJECT_ROOT,
    env: { HOME, XDG_CACHE_HOME, PATH: dirname(await temporalPath) + delimiter + PATH, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return outputOf(child);
}
