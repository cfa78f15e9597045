import { type ReportingStatus, reportingStatus } from '../operations/reporting-status.js';
import { noPositionals, readArguments, usageOf } from './command-arguments.js';
import { printable } from './printable.js';
import { queueWords } from './queue-words.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';
import { tableLines } from './table.js';

const USAGE = usageOf('status');

export async function status(args: string[], shell: Shell): Promise<number> {
  const { values, positionals } = readArguments(USAGE, args, {});
  noPositionals(USAGE, positionals);
  const found = await withSystem(shell, values['data-dir'], reportingStatus);
  shell.print(values.json ? JSON.stringify(found, null, 2) : statusText(found));
  return 0;
}

export function statusText({ queues, parked, parkedByReason }: ReportingStatus): string {
  const rows = parkedByReason.map(({ reason, count }) => [reason, String(count)]);
  return [
    ...queues.map((queue) => printable(queueWords(queue))),
    '',
    parked === 0 ? 'Nothing is parked.' : `${parked} parked:`,
    ...(rows.length > 0 ? tableLines(['REASON', 'COUNT'], rows) : []),
  ].join('\n');
}
