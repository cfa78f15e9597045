import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** How far a download is. `totalBytes` is unknown for some. */
export type Report = (doneBytes: number, totalBytes?: number) => void;

type Output = { isTTY?: boolean; write: (text: string) => unknown };

const PLAIN_EVERY_MS = 10_000;

/** Downloads run side by side, and a terminal has one last line for all of them. */
const onTerminal = new Map<string, string>();

/** Shows a download's progress: on a terminal in one line that changes, otherwise in a line every ten seconds. */
export function createProgress(
  name: string,
  say: (line: string) => void,
  { output = process.stdout as Output, now = Date.now } = {},
) {
  const startedAt = now();
  let saidAt = startedAt;
  let done = 0;
  const draw = () => output.write(`\u001b[K${[...onTerminal.values()].join('   ')}\r`);
  const stop = () => {
    if (onTerminal.delete(name)) draw();
  };
  const report: Report = (doneBytes, totalBytes) => {
    done = Math.min(Math.max(done, doneBytes), totalBytes ?? Number.POSITIVE_INFINITY);
    const text = `${name}: ${progressText(done, totalBytes)}`;
    if (output.isTTY) {
      onTerminal.set(name, text);
      draw();
    } else if (now() - saidAt >= PLAIN_EVERY_MS) {
      saidAt = now();
      say(text);
    }
  };
  return {
    report,
    /** Ends the line without a word, because the download failed. */
    stop,
    complete() {
      stop();
      const size = done > 0 ? ` ${megabytes(done)} MB` : '';
      say(`${name}: downloaded${size} in ${((now() - startedAt) / 1000).toFixed(0)} s`);
    },
  };
}

function progressText(done: number, total: number | undefined): string {
  if (!total) return `${megabytes(done)} MB`;
  const percent = Math.floor((100 * done) / total);
  return `${megabytes(done)} of ${megabytes(total)} MB (${percent} %)`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

const LOOK_EVERY_MS = 250;

/**
 * Calls back with the size of the largest file in the directory, until it is stopped: some tools do not say how far they
 * are, and some copy the file once it is complete.
 */
export function watchSize(directory: string, onSize: (bytes: number) => void): () => void {
  let isStopped = false;
  const timer = setInterval(async () => {
    const bytes = await largestFile(directory);
    if (!isStopped) onSize(bytes);
  }, LOOK_EVERY_MS);
  return () => {
    isStopped = true;
    clearInterval(timer);
  };
}

async function largestFile(directory: string): Promise<number> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  // A file may be moved away in the meantime.
  const sizes = files.map(({ parentPath, name }) => stat(join(parentPath, name)).catch(() => ({ size: 0 })));
  return (await Promise.all(sizes)).reduce((largest, { size }) => Math.max(largest, size), 0);
}
