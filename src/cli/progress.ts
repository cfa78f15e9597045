import { SingleBar } from 'cli-progress';
import type { Shell } from './shell.js';

export interface Progress {
  set(done: number): void;
  stop(): void;
}

/** Draws a bar on a terminal, and nothing anywhere else. */
export function showProgress(screen: Shell['screen'], total: number): Progress {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {value} of {total} lines, {eta_formatted} left',
    stream: screen as unknown as NodeJS.WritableStream,
    barCompleteChar: '#',
    barIncompleteChar: '-',
    // A cursor that is hidden would stay so where the command is interrupted.
    hideCursor: false,
  });
  bar.start(total, 0);
  return { set: (done) => bar.update(done), stop: () => bar.stop() };
}
