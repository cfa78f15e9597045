import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface Output {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** All that a process has said, once it has ended. */
export async function outputOf(child: ChildProcessByStdio<null, Readable, Readable>): Promise<Output> {
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number]>,
  ]);
  return { exitCode, stdout, stderr };
}
