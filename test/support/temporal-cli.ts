import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinary } from '../../dev/binaries/index.js';
import type { Stack } from './stack.js';

const run = promisify(execFile);

/** Runs `temporal …` on the stack's server and namespace. @returns its output */
export async function temporalCli({ temporalAddress, temporal }: Stack, args: string[]): Promise<string> {
  const path = await findBinary('temporal', (line) => console.error(line));
  const where = ['--address', temporalAddress, '--namespace', temporal.options.namespace];
  const { stdout } = await run(path, [...args, ...where], { maxBuffer: 64 * 1024 * 1024 });
  return stdout;
}
