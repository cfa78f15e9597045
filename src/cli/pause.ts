import { pauseReporting, type QueueChange } from '../operations/pause-reporting.js';
import { BY, noPositionals, readArguments, usageOf } from './command-arguments.js';
import { printable } from './printable.js';
import { queueWords, rateWords } from './queue-words.js';
import type { Shell } from './shell.js';
import { withTemporal } from './system.js';

const USAGE = usageOf('pause [--reason TEXT] [--by NAME]');

/** Asks nothing: it loses nothing, and `resume` takes it back. */
export async function pause(args: string[], shell: Shell): Promise<number> {
  const { values, positionals } = readArguments(USAGE, args, { ...BY, reason: { type: 'string' } });
  noPositionals(USAGE, positionals);
  const { by = shell.user, reason = 'paused', json, 'data-dir': dataDir } = values;
  const changes = await withTemporal(shell, dataDir, (temporal) => pauseReporting(temporal, { by, reason }));
  const queues = changes.map(({ after }) => after);
  if (json) shell.print(JSON.stringify({ queues }, null, 2));
  else shell.print([...changes.flatMap(lines), 'Nothing more goes to Impact until `resume`.'].join('\n'));
  return 0;
}

/** A limit that somebody had set is not put back by `resume`, so it is said. */
function lines({ before, after }: QueueChange): string[] {
  const replaced = !before.paused && before.setBy === 'operator';
  return [
    printable(queueWords(after)),
    ...(replaced
      ? [
          `  This replaces a limit of ${rateWords(before.requestsPerSecond)}, which resume will not set again.`,
        ]
      : []),
  ];
}
