import { readFileSync } from 'node:fs';

const POLL_MS = 500;

/** npm passes on the signals that can be caught; when it is killed by another, its script is left alone. */
export function whenNpmEnds(callback: () => void): void {
  if (!process.env.npm_lifecycle_event) return;
  const npm = npmPid();
  const timer = setInterval(() => {
    if (npmPid() === npm) return;
    clearInterval(timer);
    callback();
  }, POLL_MS);
}

/** npm starts `sh -c <script>`. Most shells make way for the script's only command; Debian's stays in between. */
function npmPid(): number {
  if (!/^\S*sh\0-c\0/.test(readProc(process.ppid, 'cmdline'))) return process.ppid;
  return Number(/^PPid:\s*(\d+)/m.exec(readProc(process.ppid, 'status'))?.[1] ?? process.ppid);
}

/** Empty where there is no /proc, as on macOS, whose shell makes way. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
