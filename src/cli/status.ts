import { type ReportingStatus, reportingStatus } from '../operations/reporting-status.js';
import { readOptions, usageOf } from './command-arguments.js';
import { describeQueue } from './format-queue.js';
import { printResult, tableLines } from './output.js';
import type { Shell } from './shell.js';
import { withSystem } from './system.js';

const USAGE = usageOf('status');

export async function status(args: string[], shell: Shell): Promise<number> {
  const { json, 'data-dir': dataDir } = readOptions(USAGE, args, {});
  printResult(shell, json, await withSystem(shell, dataDir, reportingStatus), statusText);
  return 0;
}

export function statusText({ queues, searchAttributes, parked, parkedByReason }: ReportingStatus): string {
  const rows = parkedByReason.map(({ reason, count }) => [reason, count]);
  return [
    ...queues.map(describeQueue),
    '',
    searchAttributes?.message ?? (parked === 0 ? 'Nothing is parked.' : `${parked} parked:`),
    ...(rows.length > 0 ? tableLines(['REASON', 'COUNT'], rows) : []),
  ].join('\n');
}
