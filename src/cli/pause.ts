import { pauseReporting, type QueueChange } from '../operations/pause-reporting.js';
import { BY, readOptions, usageOf } from './command-arguments.js';
import { describeQueue, formatRate } from './format-queue.js';
import { printResult } from './output.js';
import type { Shell } from './shell.js';
import { withTemporal } from './system.js';

const USAGE = usageOf('pause [--reason TEXT] [--by NAME]');

/** Does not ask for confirmation: a pause loses nothing, and `resume` ends it. */
export async function pause(args: string[], shell: Shell): Promise<number> {
  const values = readOptions(USAGE, args, { ...BY, reason: { type: 'string' } });
  const { by = shell.user, reason = 'paused', json, 'data-dir': dataDir } = values;
  const changes = await withTemporal(shell, dataDir, (temporal) => pauseReporting(temporal, { by, reason }));
  const queues = changes.map(({ after }) => after);
  printResult(shell, json, { queues }, () =>
    [...changes.flatMap(describeChange), 'Nothing more goes to Impact until `resume`.'].join('\n'),
  );
  return 0;
}

/** Warns of a limit that an operator had set, because `resume` does not restore it. */
function describeChange({ before, after }: QueueChange): string[] {
  const replaced = !before.paused && before.setBy === 'operator';
  const warning = `  This replaces a limit of ${formatRate(before.requestsPerSecond)}, which resume will not set again.`;
  return [describeQueue(after), ...(replaced ? [warning] : [])];
}
