import { startChild, untilReady } from '../../dev/child.js';

/** Runs a process entry of the benchmark until it prints `ready`. */
export async function startEntry(
  path: string,
  variables: NodeJS.ProcessEnv,
  onLine?: (line: string) => void,
) {
  let ready = false;
  const child = await startChild({
    name: path,
    command: process.execPath,
    args: ['--import', 'tsx', path],
    env: { PATH: process.env.PATH, ...variables },
    onLine(line) {
      if (line === 'ready') ready = true;
      else onLine?.(line);
    },
  });
  await untilReady(child, async () => ready);
  return child;
}
