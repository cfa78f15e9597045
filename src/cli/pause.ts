import { pauseReporting, type QueueChange } from '../operations/pause-reporting.js';
import { describeQueue, formatRate } from './format-queue.js';
import { nextCommand } from './next-command.js';
import { printResult } from './output.js';
import type { SharedOptions } from './program.js';
import type { Shell } from './shell.js';
import { withTemporal } from './system.js';

interface Options extends SharedOptions {
  by: string;
  reason: string;
}

/** Does not ask for confirmation: a pause loses nothing, and `resume` ends it. */
export async function pause(options: Options, shell: Shell): Promise<number> {
  const { by, reason, json } = options;
  const call = { ...shell, ...options };
  const changes = await withTemporal(call, (temporal) => pauseReporting(temporal, { by, reason }));
  const queues = changes.map(({ after }) => after);
  const end = `Nothing more goes to Impact until you resume: ${nextCommand(call, 'resume')}`;
  printResult(shell, json, { queues }, () =>
    [...changes.flatMap((change) => describeChange(change, shell)), end].join('\n'),
  );
  return 0;
}

/** Warns of a limit that an operator had set, because `resume` does not restore it. */
function describeChange({ before, after }: QueueChange, { style }: Shell): string[] {
  const replaced = !before.paused && before.setBy === 'operator';
  const warning = `  This replaces a limit of ${formatRate(before.requestsPerSecond)}, which resume will not set again.`;
  return [describeQueue(after, style), ...(replaced ? [warning] : [])];
}
