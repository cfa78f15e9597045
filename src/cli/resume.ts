import { resumeReporting } from '../operations/pause-reporting.js';
import { describeQueue } from './format-queue.js';
import { printResult } from './output.js';
import type { SharedOptions } from './program.js';
import type { Shell } from './shell.js';
import { withTemporal } from './system.js';

interface Options extends SharedOptions {
  by: string;
}

export async function resume(options: Options, shell: Shell): Promise<number> {
  const { by, json } = options;
  const changes = await withTemporal({ ...shell, ...options }, (temporal) =>
    resumeReporting(temporal, { by }),
  );
  const queues = changes.map(({ after }) => after);
  const wasPaused = changes.some(({ before }) => before.paused);
  const notice = wasPaused ? [] : ['It was not paused.'];
  printResult(shell, json, { wasPaused, queues }, () =>
    [...notice, ...queues.map((queue) => describeQueue(queue, shell.style))].join('\n'),
  );
  return 0;
}
