import { PassThrough } from 'node:stream';
import { runCommand } from '../../src/cli/run-command.js';
import { noStyle, type Shell } from '../../src/cli/shell.js';
import type { Environment } from '../../src/config.js';
import type { Output } from './child-output.js';

export interface ShellOptions {
  environment?: Environment;
  /** The human's answer. Without it, the input is not a terminal. */
  answer?: string;
  screen?: Shell['screen'];
}

/** Runs a command in this process. With an answer, it runs at a terminal. */
export async function runInShell(
  args: string[],
  { environment = {}, answer, screen = new PassThrough() }: ShellOptions = {},
): Promise<Output> {
  const lines: Record<'stdout' | 'stderr', string[]> = { stdout: [], stderr: [] };
  const input: PassThrough & { isTTY?: boolean } = new PassThrough();
  input.isTTY = answer !== undefined;
  input.end(answer === undefined ? '' : `${answer}\n`);
  const exitCode = await runCommand(args, {
    environment,
    input,
    user: 'kim',
    invocation: 'conversions',
    style: noStyle,
    print: (text) => lines.stdout.push(text),
    say: (text) => lines.stderr.push(text),
    screen,
  });
  return { exitCode, stdout: lines.stdout.join('\n'), stderr: lines.stderr.join('\n') };
}
