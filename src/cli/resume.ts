import { resumeReporting } from '../operations/pause-reporting.js';
import { BY, readOptions, usageOf } from './command-arguments.js';
import { describeQueue } from './format-queue.js';
import { printResult } from './output.js';
import type { Shell } from './shell.js';
import { withTemporal } from './system.js';

const USAGE = usageOf('resume [--by NAME]');

export async function resume(args: string[], shell: Shell): Promise<number> {
  const { by = shell.user, json, 'data-dir': dataDir } = readOptions(USAGE, args, BY);
  const changes = await withTemporal(shell, dataDir, (temporal) => resumeReporting(temporal, { by }));
  const queues = changes.map(({ after }) => after);
  const wasPaused = changes.some(({ before }) => before.paused);
  const notice = wasPaused ? [] : ['It was not paused.'];
  printResult(shell, json, { wasPaused, queues }, () => [...notice, ...queues.map(describeQueue)].join('\n'));
  return 0;
}
