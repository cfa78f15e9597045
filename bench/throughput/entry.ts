import { fileURLToPath } from 'node:url';
import { startChild, untilReady } from '../../dev/child.js';

/**
 * Runs a process entry of the benchmark until it prints `ready`.
 * @param file relative to this folder
 */
export async function startEntry(
  file: string,
  variables: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
) {
  let ready = false;
  const child = await startChild({
    name: file,
    command: process.execPath,
    args: ['--import', 'tsx', fileURLToPath(new URL(file, import.meta.url))],
    env: { PATH: process.env.PATH, ...variables },
    onLine(line) {
      if (line === 'ready') ready = true;
      else onLine?.(line);
    },
  });
  await untilReady(child, async () => ready);
  return child;
}
