import { printable } from '../domain/foreign-text.js';
import { TASK_QUEUES } from '../domain/workflow-names.js';
import type { Estimate } from '../operations/estimate-reports.js';
import type { QueueRate } from '../temporal/queue-rate.js';
import { noStyle, type Style } from './shell.js';

/** `impact: at most 10 a second, as the workers ask; about 3 waiting`. The queue of workflows has no limit. */
export function describeQueue(queue: QueueRate, style: Style = noStyle): string {
  const { taskQueue, backlog, workers, paused } = queue;
  const limit = taskQueue === TASK_QUEUES.conversions ? '' : `${printable(formatLimit(queue))}; `;
  const silence = workers === 0 ? `; ${style('red', 'and no worker listens')}` : '';
  return `${taskQueue}: ${paused ? style('yellow', limit) : limit}about ${backlog} waiting${silence}`;
}

function formatLimit({ paused, requestsPerSecond, setBy, change }: QueueRate): string {
  if (setBy === 'none') return 'no limit known';
  const limit = paused ? 'PAUSED' : `at most ${formatRate(requestsPerSecond)}`;
  if (!change) return `${limit}, as the workers ask`;
  return `${limit}, set by ${change.by} at ${change.at.toISOString()}${change.reason ? ` (${change.reason})` : ''}`;
}

/** `10 a second`, or `1000 an hour` for rates below one a second. */
export function formatRate(requestsPerSecond: number): string {
  const [rate, unit] =
    requestsPerSecond >= 1 ? [requestsPerSecond, 'a second'] : [requestsPerSecond * 3_600, 'an hour'];
  return `${Number(rate.toPrecision(3))} ${unit}`;
}

export function formatEstimate(estimate: Estimate): string {
  if (!('seconds' in estimate)) {
    return estimate.waitsFor === 'resume'
      ? 'Reporting is paused: they wait until `resume`.'
      : 'No worker listens: they wait until one runs.';
  }
  const { seconds, requestsPerSecond, backlog } = estimate;
  const behind = backlog > 0 ? `, behind the ${backlog} that wait already` : '';
  return `At ${formatRate(requestsPerSecond)} that takes at least ${formatDuration(seconds)}${behind}.`;
}

/** Rounded up, as it is a lower bound. */
export function formatDuration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  if (seconds < 90 * 60) return `${Math.ceil(seconds / 60)} min`;
  return `${(Math.ceil(seconds / 360) / 10).toString()} h`;
}
